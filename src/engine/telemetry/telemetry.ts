/** OpenTelemetry's API, which the program brings along. */

export type Telemetry = typeof import('@opentelemetry/api');

/** @returns undefined where the package is not installed beside Kat. */
export async function loadTelemetry(): Promise<Telemetry | undefined> {
  return import('@opentelemetry/api').catch(() => undefined);
}

/**
 * Does something for a trace. Processors, samplers and propagators are the program's own code, whose errors must not decide how a call ends.
 * @returns undefined where it throws, which OpenTelemetry's own log then tells.
 */
export function attempt<T>({ diag }: Telemetry, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    diag.error('kat-migrate could not trace', error);
    return undefined;
  }
}
