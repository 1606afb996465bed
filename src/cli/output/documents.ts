/** The shapes of what `--json` prints: the published JSON Schema is generated from them, and tests hold the output to it. */

import * as v from 'valibot';

const direction = v.pipe(v.picklist(['up', 'down']), v.description('which of the two SQL files ran'));
const instant = v.pipe(v.string(), v.description('ISO 8601 in UTC, with microseconds'));
const milliseconds = v.pipe(v.number(), v.description('milliseconds, measured on the server'));

const step = v.strictObject({ id: v.string(), direction, durationMs: v.optional(milliseconds) });

const location = v.strictObject({
  file: v.string(),
  line: v.pipe(v.number(), v.description('counted from 1')),
  column: v.pipe(v.number(), v.description('characters, counted from 1')),
  sourceLine: v.string(),
});

const problem = v.strictObject({
  title: v.optional(v.string()),
  message: v.string(),
  location: v.optional(location),
  help: v.optional(v.string()),
  migration: v.optional(v.string()),
  sqlstate: v.optional(v.string()),
});

const server = v.pipe(
  v.object({ severity: v.string(), sqlstate: v.string(), message: v.string() }),
  v.description("the fields of the server's error report"),
);

const failure = v.strictObject({
  ok: v.literal(false),
  error: v.strictObject({
    code: v.pipe(v.string(), v.description('what went wrong, as a word that programs can compare')),
    exitCode: v.number(),
    message: v.string(),
    help: v.optional(v.pipe(v.string(), v.description('what to do'))),
    problems: v.array(problem),
    migration: v.optional(v.string()),
    direction: v.optional(direction),
    server: v.optional(server),
  }),
  migrations: v.optional(v.pipe(v.array(step), v.description('what the run had finished before it failed'))),
});

const success = <Name extends string>(command: Name) => ({
  command: v.literal(command),
  ok: v.literal(true),
});

const run = <Name extends string>(command: Name) =>
  v.strictObject({
    ...success(command),
    direction: v.optional(direction),
    isDryRun: v.boolean(),
    migrations: v.pipe(v.array(step), v.description('in the order in which they ran, or would run')),
  });

const files = v.strictObject({ up: v.string(), down: v.string(), metadata: v.string() });

const migrationStatus = v.strictObject({
  id: v.string(),
  state: v.picklist(['applied', 'pending', 'rolled back', 'missing']),
  description: v.optional(v.string()),
  parents: v.array(v.string()),
  appliedAt: v.optional(instant),
  durationMs: v.optional(milliseconds),
  rolledBackAt: v.optional(instant),
  waitsFor: v.optional(
    v.pipe(v.array(v.string()), v.description('unapplied parents of a pending migration; empty means ready')),
  ),
  isChanged: v.optional(v.pipe(v.literal(true), v.description('its up.sql was edited since it was applied'))),
  halfDone: v.optional(
    v.pipe(
      v.strictObject({ direction, finished: v.number() }),
      v.description('a no_transaction migration that stopped after so many statements'),
    ),
  ),
});

const serverSession = v.strictObject({
  processId: v.number(),
  applicationName: v.optional(v.string()),
  user: v.optional(v.string()),
  client: v.optional(v.string()),
  state: v.optional(v.string()),
  since: v.optional(v.pipe(v.string(), v.description('when its transaction began'))),
  statement: v.optional(v.string()),
});

/** Every document that `--json` can print: one for each command, and one for failures. */
export const documents = v.union([
  v.strictObject({ ...success('init'), config: v.string(), migrations: v.string() }),
  v.strictObject({ ...success('add'), id: v.string(), parents: v.array(v.string()), files }),
  run('up'),
  run('down'),
  run('redo'),
  run('sync'),
  v.strictObject({
    ...success('status'),
    migrations: v.array(migrationStatus),
    counts: v.strictObject({
      applied: v.number(),
      pending: v.number(),
      missing: v.number(),
      changed: v.number(),
    }),
  }),
  v.strictObject({
    ...success('ping'),
    server: v.strictObject({ versionNumber: v.number(), version: v.string() }),
  }),
  v.strictObject({
    ...success('export'),
    format: v.literal('dot'),
    dot: v.optional(v.string()),
    file: v.optional(v.string()),
  }),
  v.strictObject({
    ...success('unlock'),
    holders: v.pipe(v.array(serverSession), v.description('who held the lock')),
    ended: v.pipe(v.array(v.number()), v.description('the process ids that were ended')),
  }),
  v.strictObject({ ...success('version'), version: v.string() }),
  failure,
]);
