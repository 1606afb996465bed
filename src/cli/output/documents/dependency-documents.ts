/** The JSON documents of `kat deps`. */

import * as v from 'valibot';

/** The `parents` of one `metadata.yaml`. */
export const parentsChange = v.strictObject({
  id: v.string(),
  file: v.string(),
  before: v.array(v.string()),
  after: v.array(v.string()),
});

/** @param location the shape of a place in a file */
export const dependencyReason = <Location extends v.GenericSchema>(location: Location) =>
  v.strictObject({
    message: v.string(),
    location,
    otherLocation: location,
    isGuess: v.pipe(v.boolean(), v.description('uncertain: the SQL does not prove it')),
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
            isAncestor: v.pipe(v.boolean(), v.description('according to the declared parents')),
            reasons: v.array(dependencyReason(location)),
          }),
        ),
        inferredParents: v.pipe(
          v.array(v.string()),
          v.description('the smallest set of parents that covers all needs'),
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
        criticalPath: v.pipe(v.number(), v.description('number of migrations in the longest path')),
        widestLevel: v.pipe(v.number(), v.description('number of migrations in the widest level')),
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
