/** Finds out whether somebody traces, without loading anything. */

/**
 * Whether this process has set up a tracer, by the name under which OpenTelemetry's API keeps what was registered with it
 * (`@opentelemetry/api`, internal/global-utils).
 */
export function isTracing(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}
