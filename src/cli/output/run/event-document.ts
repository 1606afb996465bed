/** Makes the line of `--events` from an event. */

import type * as v from 'valibot';
import type { KatEvent } from '../../../engine/events.js';
import type { KatError } from '../../../errors.js';
import type { eventDocuments } from './event-documents.js';

/** One line of `--events`, as the published schema has it. */
export type EventDocument = Readable<v.InferOutput<typeof eventDocuments>>;

type Readable<T> = T extends object ? { readonly [Key in keyof T]: Readable<T[Key]> } : T;

type Fields<Name> = Name extends EventDocument['event']
  ? Omit<Extract<EventDocument, { event: Name }>, 'event' | 'at'>
  : never;

type Converters = {
  [Event in KatEvent as Event['type']]: (event: Omit<Event, 'type'>) => Fields<Event['type']>;
};

const same = <T>(fields: T) => fields;

const shortError = ({ code, message }: KatError) => ({ code, message });

const converters: Converters = {
  connecting: same,
  connected: ({ database, server }) => ({ database, version: server.version }),
  'connection-failed': ({ error, retryInMs, attempt }) => ({ error: shortError(error), retryInMs, attempt }),
  'waiting-for-lock': ({ holder, waitedMs }) => ({ ...(holder ? { holder } : {}), waitedMs }),
  planned: ({ plan, isDryRun }) => ({
    isDryRun,
    steps: plan.steps.map(({ id, direction }) => ({ id, direction })),
  }),
  linted: ({ counts: { errors, warnings } }) => ({ errors, warnings }),
  started: same,
  activity: same,
  notice: ({ id, direction, notice: { severity, sqlstate, message } }) => ({
    ...{ id, direction, severity, sqlstate, message },
  }),
  blocked: same,
  blocking: same,
  retrying: ({ error, ...event }) => ({ ...event, error: shortError(error) }),
  'statement-finished': same,
  succeeded: same,
  validated: same,
  rehearsed: same,
  'not-tried': same,
  failed: ({ error, ...event }) => ({ ...event, error: shortError(error) }),
  'throwaway-opened': same,
  progress: same,
  warning: same,
};

/** @returns the event with the present time. */
export function eventDocument({ type, ...event }: KatEvent): EventDocument {
  const convert = converters[type] as (event: object) => object;
  return { event: type, at: new Date().toISOString(), ...convert(event) } as EventDocument;
}
