/** Has calls of a Kat traced where the program has set up OpenTelemetry, and costs nothing elsewhere. */

import type { EventHub } from '../session/event-hub.js';
import { isTracing } from './is-tracing.js';

/** What is no work of its own: it hands on events, closes, or describes what is in memory. */
const untraced: readonly string[] = ['events', 'watch', 'close', 'graph', 'heads', 'roots'];

/** @returns the methods, each of which makes a span while somebody traces. */
export function withSpans<T extends object>(methods: T, hub: EventHub): T {
  return new Proxy(methods, {
    get: (target, key, receiver) => {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function' || typeof key !== 'string' || untraced.includes(key)) return method;
      return tracedCall(key, method as Method, hub);
    },
  });
}

type Method = (...args: unknown[]) => unknown;

function tracedCall(name: string, method: Method, hub: EventHub): Method {
  return (...args) => {
    const call = () => method(...args);
    return isTracing() ? inSpan(name, call, hub) : call();
  };
}

async function inSpan(name: string, call: () => unknown, hub: EventHub): Promise<unknown> {
  const { loadTelemetry } = await import('./telemetry.js');
  const api = await loadTelemetry();
  if (!api) return call();
  const { traceCall } = await import('./call-span.js');
  return traceCall(api, { name, call, hub });
}
