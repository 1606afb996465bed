/** The JSON documents of the commands that read a project and its database. */

import * as v from 'valibot';
import {
  activityFields,
  direction,
  instant,
  millisecondsField,
  serverSession,
  success,
} from './document-parts.js';

/** A migration's state, as `status` lists it. */
export const migrationStatus = v.strictObject({
  id: v.string(),
  state: v.pipe(
    v.picklist(['applied', 'pending', 'rolled back', 'missing', 'gone']),
    v.description(
      'missing: applied, but without a folder; gone: neither applied nor in the folder, known only from the log',
    ),
  ),
  description: v.optional(v.string()),
  parents: v.array(v.string()),
  program: v.optional(
    v.pipe(v.string(), v.description('the name of its file where that is a program, such as up.ts')),
  ),
  appliedAt: v.optional(instant),
  durationMs: v.optional(millisecondsField),
  rolledBackAt: v.optional(instant),
  blocked: v.optional(v.pipe(v.string(), v.description('why `kat up` refuses this pending migration'))),
  waitsFor: v.optional(
    v.pipe(v.array(v.string()), v.description('unapplied parents of a pending migration; empty means ready')),
  ),
  unappliedParents: v.optional(
    v.pipe(v.array(v.string()), v.description('unapplied parents of an applied migration')),
  ),
  isChanged: v.optional(v.pipe(v.literal(true), v.description('its up.sql was edited after it was applied'))),
  onlyComments: v.optional(
    v.pipe(v.literal(true), v.description('changed in comments and white space alone')),
  ),
  downChange: v.optional(
    v.pipe(
      v.picklist(['edited', 'deleted']),
      v.description('the state of its down.sql since it was applied'),
    ),
  ),
  isStamped: v.optional(
    v.pipe(v.literal(true), v.description('recorded as applied, or as not applied, without running SQL')),
  ),
  replacedBy: v.optional(
    v.pipe(v.string(), v.description('the applied migration that replaced this one; this one has no folder')),
  ),
  renamedTo: v.optional(
    v.pipe(v.string(), v.description('a migration in the folder with the same SQL; this one has no folder')),
  ),
  halfDone: v.optional(
    v.pipe(
      v.strictObject({
        direction,
        finished: v.number(),
        startedAt: v.optional(instant),
        client: v.optional(v.pipe(v.string(), v.description('who ran the latest try, as user@host'))),
        mayBeRunning: v.optional(
          v.pipe(
            v.literal(true),
            v.description(
              'a runner holds the lock but does not report its progress, or the server is a standby',
            ),
          ),
        ),
        invalidIndexes: v.optional(
          v.pipe(v.array(v.string()), v.description('INVALID indexes left by failed attempts, as SQL')),
        ),
      }),
      v.description('a no_transaction migration that stopped after so many statements'),
    ),
  ),
  running: v.optional(
    v.pipe(
      v.strictObject({
        direction,
        since: v.optional(instant),
        statement: v.optional(v.pipe(v.number(), v.description('counted from 1'))),
        statements: v.optional(v.number()),
        client: v.pipe(v.string(), v.description('user@host of the computer on which Kat runs')),
        command: v.optional(v.string()),
        processId: v.pipe(v.number(), v.description("the server's")),
      }),
      v.description('a runner is executing it now'),
    ),
  ),
  failed: v.optional(
    v.pipe(
      v.strictObject({
        direction,
        at: instant,
        statement: v.optional(v.number()),
        sqlstate: v.optional(v.string()),
        error: v.string(),
        client: v.string(),
      }),
      v.description('the latest attempt, if it failed'),
    ),
  ),
});

const historyEntry = v.strictObject({
  at: instant,
  migration: v.string(),
  direction,
  outcome: v.picklist([
    'started',
    'statement started',
    'statement finished',
    'statement undone',
    'succeeded',
    'failed',
    'stamped',
    'repaired',
  ]),
  durationMs: v.optional(millisecondsField),
  statement: v.optional(v.pipe(v.number(), v.description('counted from 1'))),
  sqlstate: v.optional(v.string()),
  error: v.optional(v.string()),
  databaseUser: v.string(),
  client: v.pipe(v.string(), v.description('user@host of the computer on which Kat ran')),
  katVersion: v.string(),
});

const logged = {
  hasLog: v.pipe(v.boolean(), v.description('false if this version of Kat has not run yet')),
  entries: v.pipe(v.array(historyEntry), v.description('newest first')),
  hasMore: v.pipe(v.boolean(), v.description('whether there are older entries')),
};

const related = v.strictObject({ ...v.partial(migrationStatus).entries, id: v.string() });

const waits = v.strictObject({
  lockTimeoutMs: v.optional(v.number()),
  statementTimeoutMs: v.optional(v.number()),
  retryForMs: v.optional(v.number()),
  maxBlockMs: v.optional(v.number()),
});

const existingFiles = v.strictObject({ up: v.string(), down: v.optional(v.string()), metadata: v.string() });

const details = {
  id: v.string(),
  timestamp: v.string(),
  name: v.string(),
  description: v.optional(v.string()),
  isOffline: v.pipe(
    v.boolean(),
    v.description('whether the database was not queried, or could not be reached'),
  ),
  status: v.optional(v.pipe(migrationStatus, v.description('as in `kat status --json`'))),
  recordedBy: v.optional(v.pipe(historyEntry, v.description('the log entry of the current state'))),
  parents: v.pipe(v.array(related), v.description('only ids when offline')),
  children: v.array(related),
  ancestors: v.pipe(v.number(), v.description('number of ancestors')),
  descendants: v.pipe(v.number(), v.description('number of descendants')),
  noTransaction: v.boolean(),
  waits: v.optional(v.pipe(waits, v.description('timeouts set in its metadata; 0 means no limit'))),
  files: v.optional(v.pipe(existingFiles, v.description('absent if its folder is missing'))),
  up: v.optional(v.pipe(v.string(), v.description('the text of up.sql'))),
  down: v.optional(v.pipe(v.string(), v.description('the text of down.sql'))),
  storedDown: v.optional(
    v.pipe(v.string(), v.description('the SQL from the log that `kat down` runs instead of down.sql')),
  ),
  history: v.pipe(v.strictObject(logged), v.description('the newest entries about it')),
};

/** A migration as the folder has it. */
export const graphMember = v.strictObject({
  id: v.string(),
  timestamp: v.string(),
  name: v.string(),
  description: v.optional(v.string()),
  parents: v.array(v.string()),
});

const graphEnds = <Name extends string>(command: Name) =>
  v.strictObject({
    ...success(command),
    migrations: v.pipe(v.array(graphMember), v.description('in the order of the graph')),
  });

const observedMigration = {
  id: v.string(),
  direction,
  client: v.pipe(v.string(), v.description('user@host of the computer on which Kat runs')),
  clientPid: v.pipe(v.number(), v.description('its process id there')),
  command: v.optional(v.string()),
  processId: v.pipe(v.number(), v.description("the server's")),
  transactionMs: v.optional(v.pipe(v.number(), v.description('how long its transaction is open'))),
  blockers: v.pipe(
    v.array(
      v.strictObject({
        ...serverSession.entries,
        blocks: v.pipe(v.array(v.number()), v.description('process ids of the sessions that wait for it')),
      }),
    ),
    v.description('the sessions that it waits for, and those that they wait for in turn'),
  ),
};

/** The documents of `status`, `history`, `show`, `heads` and `roots`. */
export const queryDocuments = [
  v.strictObject({
    ...success('status'),
    migrations: v.array(migrationStatus),
    counts: v.strictObject({
      applied: v.number(),
      pending: v.number(),
      missing: v.number(),
      changed: v.number(),
      unordered: v.number(),
      halfDone: v.number(),
      running: v.number(),
    }),
    missingAdvice: v.optional(
      v.pipe(v.string(), v.description('safe advice about migrations without a folder')),
    ),
    runners: v.pipe(
      v.array(serverSession),
      v.description('sessions that hold the lock: a run is in progress'),
    ),
  }),
  v.strictObject({ ...success('history'), ...logged }),
  v.strictObject({ ...success('show'), ...details }),
  v.strictObject({
    ...success('watch'),
    at: v.pipe(v.string(), v.description('ISO 8601 in UTC, by the clock of this computer')),
    runners: v.pipe(
      v.array(serverSession),
      v.description('sessions that hold the lock; empty if no run is in progress'),
    ),
    migrations: v.pipe(
      v.array(v.strictObject({ ...observedMigration, ...activityFields })),
      v.description('migrations that the run executes at this moment; empty between two of them'),
    ),
  }),
  graphEnds('heads'),
  graphEnds('roots'),
] as const;
