/** The JSON documents of the commands that join, adopt, repair and squash migrations. */

import * as v from 'valibot';
import { direction, files, step, success } from './document-parts.js';
import { findingDocument } from './finding-documents.js';

const repairFinding = v.strictObject({
  id: v.string(),
  problem: v.picklist(['changed', 'missing', 'half done']),
  onlyComments: v.optional(
    v.pipe(v.literal(true), v.description('changed in comments and white space alone')),
  ),
  mayContain: v.optional(
    v.pipe(v.array(v.string()), v.description('pending migrations whose SQL may be in what was applied')),
  ),
  replacedBy: v.optional(
    v.pipe(
      v.string(),
      v.description('the squashed migration that replaces the missing one, and others that are not applied'),
    ),
  ),
  stop: v.optional(
    v.pipe(
      v.strictObject({
        direction,
        finished: v.number(),
        number: v.pipe(v.number(), v.description('of the unfinished statement, counted from 1')),
        statements: v.optional(v.number()),
        statement: v.optional(v.string()),
        line: v.optional(v.number()),
      }),
      v.description('for a half-done migration: the unfinished statement'),
    ),
  ),
  repair: v.optional(
    v.pipe(
      v.picklist(['accept edit', 'drop', 'finish', 'restart', 'retry']),
      v.description('the repair made or planned; absent if a decision is needed'),
    ),
  ),
});

/** One for each command. */
export const recordDocuments = [
  v.strictObject({
    ...success('merge'),
    heads: v.pipe(
      v.array(v.string()),
      v.description('the joined heads; fewer than two if there was nothing to join'),
    ),
    id: v.optional(v.string()),
    parents: v.optional(v.array(v.string())),
    files: v.optional(files),
    findings: v.optional(
      v.pipe(
        v.array(findingDocument),
        v.description('conflicts between the heads; absent if nothing was joined, and on SQLite'),
      ),
    ),
  }),
  v.strictObject({
    ...success('bundle'),
    isValid: v.pipe(v.boolean(), v.description('false if --check finds a stale or missing file')),
    file: v.optional(v.string()),
    migrations: v.pipe(v.array(v.string()), v.description('the bundled migrations, parents first')),
    text: v.optional(v.pipe(v.string(), v.description('the module; only without --out'))),
  }),
  v.strictObject({
    ...success('stamp'),
    direction: v.pipe(v.picklist(['up', 'down']), v.description('recorded as applied, or as not applied')),
    isDryRun: v.boolean(),
    migrations: v.array(step),
    skipped: v.pipe(v.array(v.string()), v.description('ids that already had this record')),
  }),
  v.strictObject({
    ...success('baseline'),
    isDryRun: v.boolean(),
    isRecorded: v.boolean(),
    author: v.pipe(v.string(), v.description('the program that dumped the schema')),
    statements: v.number(),
    leftOut: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description('parts of the schema that are not in the migration, and passwords that are'),
      ),
    ),
    id: v.optional(v.string()),
    parents: v.optional(v.array(v.string())),
    files: v.optional(files),
  }),
  v.strictObject({
    ...success('squash'),
    isDryRun: v.boolean(),
    id: v.string(),
    replaces: v.pipe(v.array(v.string()), v.description('ids of the replaced migrations')),
    hasDown: v.boolean(),
    isDownPartial: v.optional(v.literal(true)),
    remarks: v.pipe(v.array(v.string()), v.description('points to review before the commit')),
    proof: v.strictObject({
      isProven: v.pipe(
        v.boolean(),
        v.description('whether the schemas before and after were compared, and are equal'),
      ),
      server: v.optional(v.pipe(v.string(), v.description('the version of the server that built them'))),
      withRows: v.pipe(v.boolean(), v.description('whether --rows compared the rows, too')),
    }),
    files,
  }),
  v.strictObject({ ...success('repair'), isDryRun: v.boolean(), findings: v.array(repairFinding) }),
] as const;
