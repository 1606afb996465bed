/** The JSON document of `kat lint --trace`. */

import * as v from 'valibot';
import { lockModes } from '../../../sql/impact/impact.js';

const relation = v.strictObject({ schema: v.string(), name: v.string() });
const mode = v.picklist(lockModes);
const rows = {
  rewrites: v.pipe(v.array(relation), v.description('rewritten tables')),
  scans: v.pipe(v.array(relation), v.description('tables scanned completely')),
};

const difference = v.union([
  v.strictObject({
    what: v.literal('lock'),
    relation,
    predicted: v.optional(mode),
    observed: v.optional(mode),
  }),
  v.strictObject({ what: v.picklist(['rewrite', 'scan']), relation, isPredicted: v.boolean() }),
]);

const untraced = v.strictObject({ reason: v.string(), line: v.optional(v.number()) });

const statement = v.strictObject({
  line: v.number(),
  column: v.number(),
  text: v.string(),
  predicted: v.strictObject({
    locks: v.array(v.strictObject({ relation, mode })),
    ...rows,
    queries: v.pipe(v.array(relation), v.description('tables read by a query, completely or partly')),
    isWhole: v.pipe(
      v.boolean(),
      v.description('false if functions, triggers or foreign keys may have further effects'),
    ),
  }),
  observed: v.strictObject({
    locks: v.optional(
      v.pipe(
        v.array(v.strictObject({ relation, mode, isTable: v.boolean() })),
        v.description('absent if it ran outside of a transaction'),
      ),
    ),
    ...rows,
  }),
  differences: v.array(difference),
});

export const traceDocument = v.strictObject({
  server: v.pipe(v.string(), v.description('the version of the embedded database')),
  migrations: v.array(
    v.strictObject({ id: v.string(), statements: v.array(statement), untraced: v.optional(untraced) }),
  ),
  missing: v.pipe(
    v.array(v.strictObject({ id: v.string(), reason: v.string() })),
    v.description('earlier migrations that could not be executed'),
  ),
});
