/** The JSON document of `kat schema`. */

import * as v from 'valibot';

export const schemaFields = {
  isValid: v.pipe(v.boolean(), v.description('false if --check finds a stale file; the exit code is 3 then')),
  file: v.optional(v.string()),
  sql: v.optional(v.pipe(v.string(), v.description('the schema; left out with --check and --load'))),
  migrations: v.pipe(v.array(v.string()), v.description('the migrations in the schema, sorted by id')),
  changes: v.pipe(
    v.array(v.string()),
    v.description('what to change in a stale file: lines that begin with - or +'),
  ),
  isLoaded: v.pipe(v.boolean(), v.description('whether the schema was executed in the database')),
  rowMigrations: v.pipe(
    v.array(v.string()),
    v.description('with --load: migrations that change rows, which the database lacks'),
  ),
};
