/** The shapes that many documents of `--json` have in common. */

import * as v from 'valibot';

export const direction = v.pipe(v.picklist(['up', 'down']), v.description('which of the two SQL files ran'));
export const instant = v.pipe(v.string(), v.description('ISO 8601 in UTC, with microseconds'));
export const millisecondsField = v.pipe(v.number(), v.description('milliseconds, measured on the server'));

export const step = v.strictObject({ id: v.string(), direction, durationMs: v.optional(millisecondsField) });
export const files = v.strictObject({ up: v.string(), down: v.string(), metadata: v.string() });

/** A place in a file. */
export const location = v.strictObject({
  file: v.string(),
  line: v.pipe(v.number(), v.description('counted from 1')),
  column: v.pipe(v.number(), v.description('characters, counted from 1')),
  sourceLine: v.pipe(
    v.string(),
    v.description('without passwords; for a long line, the part around the column'),
  ),
  sourceColumn: v.optional(
    v.pipe(
      v.number(),
      v.description('the column within `sourceLine`, if `sourceLine` is not the line as it is in the file'),
    ),
  ),
});

/** Of all documents of commands that use the database of an environment. */
export const environment = v.optional(
  v.pipe(v.string(), v.description('the environment whose database the command used')),
);

/** The common fields of all documents of successful commands. */
export const success = <Name extends string>(command: Name) => ({
  command: v.literal(command),
  ok: v.literal(true),
  environment,
});

/** A session of the server. */
export const serverSession = v.strictObject({
  processId: v.number(),
  applicationName: v.optional(v.string()),
  user: v.optional(v.string()),
  client: v.optional(v.string()),
  state: v.optional(v.string()),
  since: v.optional(v.pipe(v.string(), v.description('when its transaction began'))),
  transactionMs: v.optional(v.pipe(v.number(), v.description('how long ago that was'))),
  statement: v.optional(
    v.pipe(v.string(), v.description('its current or latest statement, without literal values')),
  ),
  work: v.optional(
    v.pipe(
      v.strictObject({
        client: v.pipe(v.string(), v.description('user@host of the computer on which Kat runs')),
        clientPid: v.pipe(v.number(), v.description('its process id there')),
        command: v.optional(v.string()),
        migration: v.optional(v.string()),
        direction: v.optional(direction),
        statement: v.optional(v.number()),
        statements: v.optional(v.number()),
      }),
      v.description('the work of Kat in this session, if it is one of Kat'),
    ),
  ),
  lease: v.optional(
    v.pipe(
      v.strictObject({
        token: v.pipe(v.string(), v.description('a whole number; each new lease has a higher one')),
        expiresAt: v.pipe(v.string(), v.description("by the server's clock")),
        remainingMs: v.number(),
      }),
      v.description('where the run holds a lease and no advisory lock'),
    ),
  ),
});

const count = v.optional(
  v.pipe(v.number(), v.description('of this phase; absent if the server counts nothing')),
);

/** What a migration does at one moment, apart from the sessions that it waits for. */
export const activityFields = {
  statement: v.optional(v.pipe(v.number(), v.description('counted from 1; of a no_transaction migration'))),
  statements: v.optional(v.number()),
  progress: v.optional(
    v.pipe(
      v.strictObject({
        command: v.string(),
        phase: v.string(),
        relation: v.optional(v.string()),
        done: count,
        total: count,
        unit: v.optional(v.picklist(['tuples', 'blocks', 'bytes', 'transactions'])),
        lockerProcessId: v.optional(
          v.pipe(v.number(), v.description('the session that the phase waits for')),
        ),
      }),
      v.description('as the progress views of PostgreSQL report it'),
    ),
  ),
  table: v.optional(
    v.pipe(
      v.strictObject({ name: v.string(), rows: v.number(), bytes: v.number() }),
      v.description('the largest table that it has locked, by the statistics of the planner'),
    ),
  ),
  waiting: v.pipe(
    v.array(
      v.strictObject({
        ...serverSession.entries,
        waitedMs: v.optional(v.pipe(v.number(), v.description('how long it has waited'))),
      }),
    ),
    v.description('the sessions that wait for it and for nobody else'),
  ),
};
