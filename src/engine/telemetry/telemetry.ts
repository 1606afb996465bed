/** OpenTelemetry's API, which the program brings along. */

export type Telemetry = typeof import('@opentelemetry/api');

/** @returns undefined where the package is not installed beside Kat. */
export async function loadTelemetry(): Promise<Telemetry | undefined> {
  return import('@opentelemetry/api').catch(() => undefined);
}
