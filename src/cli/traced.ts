/** Has a command continue the trace of what called it, and hand over its spans before it ends. */

import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, loadTelemetry, type Telemetry } from '../engine/telemetry/telemetry.js';
import { present } from '../present.js';

/** A collector that does not answer must not keep a deployment. */
const flushMs = 5000;

/** @param env its TRACEPARENT and TRACESTATE name the caller's span, as OpenTelemetry wants it for commands. */
export async function traced<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const api = await loadTelemetry();
  if (!api) return work();
  const caller = present({ traceparent: env.TRACEPARENT, tracestate: env.TRACESTATE });
  const continued = attempt(api, () => api.propagation.extract(api.context.active(), caller));
  try {
    return await api.context.with(continued ?? api.context.active(), work);
  } finally {
    await flush(api);
  }
}

/** That spans cannot be delivered is no failure of the command; OpenTelemetry's own log tells it. */
async function flush(api: Telemetry): Promise<void> {
  const registered = api.trace.getTracerProvider();
  const provider = 'getDelegate' in registered ? (registered as ProxyProvider).getDelegate() : registered;
  if (!('forceFlush' in provider)) return;
  const flushed = attempt(api, () => (provider as FlushableProvider).forceFlush().catch(() => undefined));
  await Promise.race([flushed, sleep(flushMs, undefined, { ref: false })]);
}

type ProxyProvider = InstanceType<Telemetry['ProxyTracerProvider']>;

interface FlushableProvider {
  forceFlush(): Promise<void>;
}
