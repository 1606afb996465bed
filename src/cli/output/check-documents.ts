/** What `kat check` prints with `--json`. */

import * as v from 'valibot';

/** @param location the shape of a place in a file */
export const checkFields = <Location extends v.GenericSchema>(location: Location) => {
  const deed = v.strictObject({
    message: v.pipe(v.string(), v.description('such as `creates table users`')),
    location,
  });
  const edge = v.strictObject({ parent: v.string(), child: v.string() });
  return {
    pairs: v.array(
      v.strictObject({
        ids: v.pipe(
          v.tuple([v.string(), v.string()]),
          v.description('in the order that the edges give them'),
        ),
        edge: v.pipe(edge, v.description('the edge that settles it, and perhaps other pairs')),
        isTangled: v.pipe(v.boolean(), v.description('no order is right for all that both do')),
        reasons: v.array(
          v.strictObject({
            code: v.string(),
            severity: v.picklist(['error', 'warning', 'info']),
            deeds: v.pipe(v.tuple([deed, deed]), v.description('in the order of `ids`')),
            isGuess: v.pipe(v.boolean(), v.description('it may be so, but the SQL does not say it')),
          }),
        ),
      }),
    ),
    edges: v.pipe(v.array(edge), v.description('the fewest that settle all pairs')),
    accepted: v.pipe(v.number(), v.description('pairs that `-- kat:ignore` accepts')),
    migrations: v.pipe(v.number(), v.description('how many were looked at, those of the base included')),
    unordered: v.pipe(v.number(), v.description('how many pairs of them are in no order')),
    base: v.optional(
      v.pipe(
        v.strictObject({ revision: v.string(), commit: v.string() }),
        v.description('where the branch left the base, with --git-base'),
      ),
    ),
  };
};
