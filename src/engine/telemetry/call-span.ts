/** Makes a span of OpenTelemetry for a call of a Kat, and one below it for each migration that it runs. */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { ConnectionError, KatError, MigrationError } from '../../errors.js';
import { present } from '../../present.js';
import { version } from '../../version.js';
import type { KatEvent } from '../events.js';
import type { EventHub } from '../session/event-hub.js';
import { attempt, type Telemetry } from './telemetry.js';

/** A call, and what is known of it so far. */
interface TracedCall {
  tracer: Tracer;
  span: Span;
  /** With the call's span as the parent. */
  context: Context;
  started: Map<string, StartedMigration>;
  finished: number;
}

interface StartedMigration {
  atMs: number;
  /** What happened to it since, such as a retry. */
  moments: { name: string; attributes: Attributes; atMs: number }[];
}

/** Several calls of one Kat may be open, and each event belongs to one of them. */
const calls = new AsyncLocalStorage<TracedCall>();

/**
 * The span has the call's name, such as `kat up`, and its migrations have theirs, such as `up 1679000001_create_users`. No SQL, no
 * value and no password is among the attributes.
 * @throws what the call throws, whose code the span has as `error.type`.
 */
export async function traceCall(
  api: Telemetry,
  { name, call, hub }: { name: string; call: () => unknown; hub: EventHub },
): Promise<unknown> {
  const traced = attempt(api, () => startCall(api, name));
  if (!traced) return call();
  const { span, context } = traced;
  const forget = hub.listen((event) => {
    if (calls.getStore() === traced) attempt(api, () => follow(api, traced, event));
  });
  try {
    return await calls.run(traced, () => api.context.with(context, call));
  } catch (error) {
    attempt(api, () => fail(api, span, error));
    throw error;
  } finally {
    forget();
    attempt(api, () => {
      span.setAttribute('kat.migrations.finished', traced.finished);
      span.end();
    });
  }
}

function startCall(api: Telemetry, name: string): TracedCall {
  const tracer = api.trace.getTracer('kat-migrate', version);
  const span = tracer.startSpan(`kat ${name}`);
  const context = api.trace.setSpan(api.context.active(), span);
  return { tracer, span, context, started: new Map(), finished: 0 };
}

function follow(api: Telemetry, call: TracedCall, event: KatEvent): void {
  switch (event.type) {
    case 'connected':
      call.span.setAttributes({
        'db.system.name': event.database.startsWith('sqlite') ? 'sqlite' : 'postgresql',
        'kat.database': event.database,
        'kat.server.version': event.server.version,
      });
      break;
    case 'waiting-for-lock':
      call.span.addEvent('waiting-for-lock', present({ 'kat.holder.pid': event.holder?.processId }));
      break;
    case 'connection-failed':
      call.span.addEvent('connection-failed', { 'kat.attempt': event.attempt, ...typeOf(event.error) });
      break;
    case 'started':
      call.started.set(event.id, { atMs: Date.now(), moments: [] });
      break;
    case 'retrying':
      note(call, event, { 'kat.attempt': event.attempt, ...typeOf(event.error) });
      break;
    case 'blocked':
      note(call, event, { 'kat.blocker.pids': event.blockers.map(({ processId }) => processId) });
      break;
    case 'blocking':
      note(call, event, { 'kat.waiting.pids': event.waiting.map(({ processId }) => processId) });
      break;
    case 'succeeded':
    case 'rehearsed':
      call.finished += 1;
      addMigration(call, event, (endMs) => ({ startMs: endMs - event.durationMs }));
      break;
    case 'failed':
      addMigration(call, event, (endMs) => ({
        startMs: call.started.get(event.id)?.atMs ?? endMs,
        describe: (span) => fail(api, span, event.error),
      }));
  }
}

type OfMigration = Extract<KatEvent, { direction: string }>;

function note({ started }: TracedCall, { type, id }: OfMigration, attributes: Attributes): void {
  started.get(id)?.moments.push({ name: type, attributes, atMs: Date.now() });
}

/** Several migrations may have been sent before the first one is answered, so the span begins when its time is known. */
function addMigration(
  call: TracedCall,
  { id, direction }: OfMigration,
  tell: (endMs: number) => { startMs: number; describe?: (span: Span) => void },
): void {
  const endMs = Date.now();
  const { startMs: startTime, describe } = tell(endMs);
  const attributes = { 'kat.migration.id': id, 'kat.migration.direction': direction };
  const span = call.tracer.startSpan(`${direction} ${id}`, { startTime, attributes }, call.context);
  for (const { name, attributes, atMs } of call.started.get(id)?.moments ?? [])
    span.addEvent(name, attributes, atMs);
  call.started.delete(id);
  describe?.(span);
  span.end(endMs);
}

function fail({ SpanStatusCode }: Telemetry, span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttributes(typeOf(error));
}

/** As the conventions of OpenTelemetry name them. */
function typeOf(error: unknown): Attributes {
  if (!(error instanceof KatError)) return { 'error.type': '_OTHER' };
  return { 'error.type': error.code, ...present({ 'db.response.status_code': sqlstateOf(error) }) };
}

function sqlstateOf(error: KatError): string | undefined {
  if (error instanceof MigrationError) return error.report?.sqlstate;
  return error instanceof ConnectionError ? error.sqlstate : undefined;
}
