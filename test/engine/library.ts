/** What the library's tests share: a project on an empty database, a Kat on it, and what it has told. */

import { join } from 'node:path';
import { expect } from 'vitest';
import { KatError, MigrationError } from '../../src/errors.js';
import { createKat, type Kat, type KatEvent, type KatOptions } from '../../src/index.js';
import type { Row, TestDatabase } from '../support/database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import type { Project } from '../support/kat-project.js';

/** A Kat and everything that it has told so far. */
export interface Opened {
  kat: Kat;
  events: KatEvent[];
}

/** Opens the library on the migrations of a project, closed when the test file ends. */
export function openKat(
  project: Project & { database?: TestDatabase },
  options: Partial<KatOptions> = {},
): Opened {
  const events: KatEvent[] = [];
  const { onEvent, ...others } = options;
  const kat = createKat({
    migrations: join(project.folder, 'migrations'),
    database: project.database?.url ?? { driver: 'pglite' },
    ...others,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  atEndOfFile(() => kat.close());
  return { kat, events };
}

/** Events in short, such as `started 1_t1`, but for those whose number depends on how long things take. */
export function told(events: readonly KatEvent[]): string[] {
  const lasting = events.filter(({ type }) => type !== 'activity');
  return lasting.map((event) => ('id' in event ? `${event.type} ${event.id}` : event.type));
}

/** The events of one type, in order. */
export function eventsOf<T extends KatEvent['type']>(
  events: readonly KatEvent[],
  type: T,
): Extract<KatEvent, { type: T }>[] {
  return events.filter((event): event is Extract<KatEvent, { type: T }> => event.type === type);
}

/** The KatError that a call must end with. */
export async function failureOf(work: Promise<unknown>): Promise<KatError> {
  const outcome = await work.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  if (outcome instanceof KatError) return outcome;
  throw outcome;
}

/** The MigrationError that a call must end with. */
export async function migrationFailureOf(work: Promise<unknown>): Promise<MigrationError> {
  const error = await failureOf(work);
  expect(error).toBeInstanceOf(MigrationError);
  return error as MigrationError;
}

/** The ids of a result's or an error's steps. */
export function idsOf(steps: readonly { id: string }[]): string[] {
  return steps.map(({ id }) => id);
}

/** One column of what a query answers. */
export async function column(database: Pick<TestDatabase, 'query'>, sql: string): Promise<unknown[]> {
  const rows: Row[] = await database.query(sql);
  return rows.map((row) => Object.values(row)[0]);
}
