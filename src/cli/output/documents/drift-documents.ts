/** The JSON documents of `kat drift` and `kat diff`. */

import * as v from 'valibot';
import { files } from './document-parts.js';

const settlingSql = v.strictObject({
  statements: v.pipe(
    v.array(v.string()),
    v.description('in order, without semicolons; empty if there is no SQL'),
  ),
  losesData: v.pipe(v.boolean(), v.description('whether the SQL can lose rows or values')),
});

const properties = v.pipe(
  v.record(v.string(), v.string()),
  v.description("the properties that differ from the database's defaults"),
);

/** Fields of every comparison of two schemas. */
export const comparisonFields = {
  isValid: v.pipe(
    v.boolean(),
    v.description('whether there is no difference; the exit code is 3 when it is false'),
  ),
  differences: v.array(
    v.strictObject({
      change: v.pipe(
        v.picklist(['added', 'removed', 'changed']),
        v.description('from the first schema to the second; for drift, from the migrations to the database'),
      ),
      kind: v.pipe(v.string(), v.description('such as `table` or `column`')),
      object: v.pipe(v.string(), v.description('such as `column public.users.email`')),
      sentence: v.string(),
      createdBy: v.optional(
        v.pipe(
          v.string(),
          v.description(
            'the pending migration that creates the added object: it may have run without a record',
          ),
        ),
      ),
      before: v.optional(properties),
      after: v.optional(properties),
      putBack: v.pipe(settlingSql, v.description('for the second schema: makes the object as in the first')),
      takeOver: v.pipe(settlingSql, v.description('for the first schema: makes the object as in the second')),
    }),
  ),
  ignored: v.pipe(v.number(), v.description('number of differences that --ignore left out')),
};

/** Fields of `kat drift` alone. */
export const driftFields = {
  applied: v.pipe(v.number(), v.description('number of applied migrations')),
  assumptions: v.pipe(
    v.array(v.strictObject({ migration: v.optional(v.string()), reason: v.string() })),
    v.description('what could not be found out, so that the comparison may be wrong there'),
  ),
  server: v.pipe(v.string(), v.description('the version of the throwaway database')),
  isAdoptable: v.pipe(
    v.boolean(),
    v.description('whether --adopt can write a migration that keeps at least one of the differences'),
  ),
  adopted: v.optional(
    v.pipe(
      v.strictObject({ id: v.string(), parents: v.array(v.string()), files }),
      v.description('the migration that --adopt wrote'),
    ),
  ),
  planned: v.optional(
    v.pipe(
      v.strictObject({ name: v.string(), parents: v.array(v.string()) }),
      v.description('the migration that --adopt would write, with --dry-run'),
    ),
  ),
};
