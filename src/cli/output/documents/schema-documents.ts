/** The JSON document of `kat schema`. */

import * as v from 'valibot';

export const schemaFields = <Finding extends v.GenericSchema>({ finding }: { finding: Finding }) => ({
  isValid: v.pipe(
    v.boolean(),
    v.description(
      'false if --check finds a stale file, or a merge ends in a conflict; the exit code is 3 then',
    ),
  ),
  file: v.optional(v.string()),
  dir: v.optional(v.pipe(v.string(), v.description('with --dir, instead of the file'))),
  sql: v.optional(v.pipe(v.string(), v.description('the schema; left out with --check and --load'))),
  migrations: v.pipe(v.array(v.string()), v.description('the migrations in the schema, sorted by id')),
  changes: v.pipe(
    v.array(v.string()),
    v.description('what to change in a stale file: lines that begin with - or +'),
  ),
  isLoaded: v.pipe(v.boolean(), v.description('whether the schema was executed in the database')),
  isDryRun: v.optional(v.pipe(v.boolean(), v.description('with --load --dry-run: nothing was executed'))),
  rowMigrations: v.pipe(
    v.array(v.string()),
    v.description('with --load: migrations that change rows, which the database lacks'),
  ),
  isMerged: v.optional(v.pipe(v.boolean(), v.description('whether --merge-driver has written the file'))),
  written: v.optional(
    v.pipe(v.array(v.string()), v.description('with --install-merge-driver: what was written')),
  ),
  conflict: v.optional(
    v.pipe(
      v.strictObject({ reason: v.string(), help: v.string(), findings: v.array(finding) }),
      v.description('with --merge-driver: why git must leave a conflict'),
    ),
  ),
});
