/** What the commands that join, adopt, mend and squash print with `--json`. */

import * as v from 'valibot';
import { direction, files, step, success } from './document-parts.js';

const repairFinding = v.strictObject({
  id: v.string(),
  problem: v.picklist(['changed', 'missing', 'half done']),
  stop: v.optional(
    v.pipe(
      v.strictObject({
        direction,
        finished: v.number(),
        statements: v.optional(v.number()),
        statement: v.optional(v.string()),
        line: v.optional(v.number()),
      }),
      v.description('where a half-done migration stopped: the statement that did not finish'),
    ),
  ),
  repair: v.optional(
    v.pipe(
      v.picklist(['accept edit', 'drop', 'finish', 'restart', 'retry']),
      v.description('what became of it, or would; without it, it is left to be decided'),
    ),
  ),
});

/** One for each command. */
export const recordDocuments = [
  v.strictObject({
    ...success('merge'),
    heads: v.pipe(
      v.array(v.string()),
      v.description('what was joined; less than two when there was nothing to join'),
    ),
    id: v.optional(v.string()),
    parents: v.optional(v.array(v.string())),
    files: v.optional(files),
  }),
  v.strictObject({
    ...success('stamp'),
    direction: v.pipe(v.picklist(['up', 'down']), v.description('recorded as applied, or as not applied')),
    isDryRun: v.boolean(),
    migrations: v.array(step),
    skipped: v.pipe(v.array(v.string()), v.description('ids that were recorded so already')),
  }),
  v.strictObject({
    ...success('baseline'),
    isDryRun: v.boolean(),
    isRecorded: v.boolean(),
    author: v.pipe(v.string(), v.description('what wrote the schema down')),
    statements: v.number(),
    leftOut: v.optional(
      v.pipe(v.array(v.string()), v.description('what of the schema is not in the migration')),
    ),
    id: v.optional(v.string()),
    parents: v.optional(v.array(v.string())),
    files: v.optional(files),
  }),
  v.strictObject({
    ...success('squash'),
    isDryRun: v.boolean(),
    id: v.string(),
    replaces: v.pipe(v.array(v.string()), v.description('ids of what it stands for')),
    hasDown: v.boolean(),
    isDownPartial: v.optional(v.literal(true)),
    remarks: v.pipe(v.array(v.string()), v.description('what should be looked at before it is committed')),
    files,
  }),
  v.strictObject({ ...success('repair'), isDryRun: v.boolean(), findings: v.array(repairFinding) }),
] as const;
