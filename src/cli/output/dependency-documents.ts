/** What `kat deps` prints with `--json`. */

import * as v from 'valibot';

/** The `parents` of one `metadata.yaml`. */
export const parentsChange = v.strictObject({
  id: v.string(),
  file: v.string(),
  before: v.array(v.string()),
  after: v.array(v.string()),
});

/** @param location the shape of a place in a file */
export const dependencyFields = <Location extends v.GenericSchema>(location: Location) => ({
  migrations: v.pipe(
    v.array(
      v.strictObject({
        id: v.string(),
        parents: v.pipe(v.array(v.string()), v.description('as declared')),
        needs: v.array(
          v.strictObject({
            id: v.string(),
            isAncestor: v.pipe(v.boolean(), v.description('by what is declared')),
            reasons: v.array(
              v.strictObject({
                message: v.string(),
                location,
                otherLocation: location,
                isGuess: v.pipe(v.boolean(), v.description('it may be so, but the SQL does not say it')),
              }),
            ),
          }),
        ),
        inferredParents: v.pipe(
          v.array(v.string()),
          v.description('the needs that no other one implies: the parents that would do'),
        ),
        opaque: v.pipe(
          v.array(v.strictObject({ reason: v.string(), location })),
          v.description('SQL that Kat cannot analyse'),
        ),
      }),
    ),
    v.description('in the order of the graph'),
  ),
  shape: v.optional(
    v.pipe(
      v.strictObject({
        migrations: v.number(),
        edges: v.number(),
        criticalPath: v.pipe(v.number(), v.description('how many migrations the longest path has')),
        widestLevel: v.pipe(v.number(), v.description('how many migrations the widest level has')),
      }),
      v.description('the inferred graph, with --infer'),
    ),
  ),
  changes: v.optional(
    v.pipe(
      v.array(parentsChange),
      v.description('the parents that were changed, or would be, with --fix or --write'),
    ),
  ),
  isDryRun: v.boolean(),
});
