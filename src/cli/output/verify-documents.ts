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
        code: v.pipe(v.string(), v.description('the lint rule')),
        message: v.string(),
        migration: v.optional(v.string()),
        verdict: v.picklist(['confirmed', 'refuted']),
      }),
    ),
    v.description('the findings of `kat lint` about the way back, and what their execution showed'),
  ),
  accepted: v.pipe(v.number(), v.description('findings that `-- kat:ignore` accepts')),
  server: v.pipe(v.string(), v.description('the version of the server that executed them')),
};
