/** The JSON document of `kat verify`. */

import * as v from 'valibot';

export const verifyFields = {
  migrations: v.pipe(v.array(v.string()), v.description('the migrations that were executed, in graph order')),
  untried: v.pipe(
    v.array(v.strictObject({ id: v.string(), reason: v.string() })),
    v.description('the migrations that could not be executed'),
  ),
  predictions: v.pipe(
    v.array(
      v.strictObject({
        code: v.pipe(v.string(), v.description('the lint rule, or the code of `kat check`')),
        severity: v.picklist(['error', 'warning', 'info']),
        message: v.string(),
        migration: v.optional(v.string()),
        verdict: v.picklist(['confirmed', 'refuted', 'not seen']),
      }),
    ),
    v.description(
      'the findings of `kat lint` about the way back, or with --order those of `kat check`, and what the execution showed',
    ),
  ),
  accepted: v.pipe(v.number(), v.description('findings that `-- kat:ignore` accepts')),
  recalled: v.pipe(
    v.number(),
    v.description('number of migrations that an earlier run executed with the same result'),
  ),
  server: v.pipe(v.string(), v.description('the version of the server that executed them')),
  order: v.optional(
    v.pipe(
      v.strictObject({
        seed: v.number(),
        orders: v.pipe(v.number(), v.description('number of different orders')),
        pairs: v.pipe(v.number(), v.description('number of unordered pairs')),
        covered: v.pipe(v.number(), v.description('number of these that are both ways round in the orders')),
        runs: v.pipe(v.number(), v.description('how many times the history was applied')),
      }),
      v.description('with --order'),
    ),
  ),
  evidenceFile: v.optional(v.pipe(v.string(), v.description('with --evidence: what was written'))),
};
