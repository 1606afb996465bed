/** The shapes of the lines that `--events` prints: the published JSON Schema is generated from them. */

import * as v from 'valibot';
import { untriedReasons } from '../../../graph/untried.js';
import { activityFields, direction, millisecondsField, serverSession } from '../documents/document-parts.js';

const event = <Name extends string, Fields extends v.ObjectEntries>(name: Name, fields: Fields) =>
  v.strictObject({
    event: v.literal(name),
    at: v.pipe(v.string(), v.description('ISO 8601 in UTC, by the clock of this computer')),
    ...fields,
  });

const ofMigration = { id: v.string(), direction };

const error = v.strictObject({ code: v.string(), message: v.string() });

const waited = v.pipe(v.number(), v.description('milliseconds'));

/** One line; the last line of a command is its document. */
export const eventDocuments = v.union([
  event('connecting', { database: v.string() }),
  event('connected', { database: v.string(), version: v.string() }),
  event('connection-failed', { error, retryInMs: waited, attempt: v.number() }),
  event('waiting-for-lock', { holder: v.optional(serverSession), waitedMs: waited }),
  event('planned', { isDryRun: v.boolean(), steps: v.array(v.strictObject(ofMigration)) }),
  event('linted', { errors: v.number(), warnings: v.number() }),
  event('started', ofMigration),
  event('activity', {
    ...ofMigration,
    ...activityFields,
    runningMs: waited,
    blockers: v.pipe(v.array(serverSession), v.description('the sessions that it waits for')),
  }),
  event('notice', {
    ...ofMigration,
    severity: v.string(),
    sqlstate: v.string(),
    message: v.string(),
  }),
  event('blocked', { ...ofMigration, blockers: v.array(serverSession) }),
  event('blocking', { ...ofMigration, waiting: activityFields.waiting }),
  event('retrying', { ...ofMigration, error, retryInMs: waited, attempt: v.number() }),
  event('statement-finished', { ...ofMigration, statement: v.number(), statements: v.number() }),
  event('succeeded', { ...ofMigration, durationMs: millisecondsField }),
  event('validated', ofMigration),
  event('rehearsed', { ...ofMigration, durationMs: millisecondsField }),
  event('not-tried', { ...ofMigration, reason: v.picklist(untriedReasons), of: v.optional(v.string()) }),
  event('failed', { ...ofMigration, error }),
  event('throwaway-opened', { place: v.string(), version: v.string() }),
  event('progress', { task: v.string(), done: v.number(), total: v.number() }),
  event('warning', { message: v.string(), help: v.optional(v.string()) }),
]);
