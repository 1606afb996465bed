/** The JSON documents of `kat check`. */

import * as v from 'valibot';

/** @param location the shape of a place in a file */
export const checkResultFields = <Location extends v.GenericSchema>(location: Location) => {
  const deed = v.strictObject({
    message: v.pipe(v.string(), v.description('such as `creates table users`')),
    location,
  });
  const edge = v.strictObject({ parent: v.string(), child: v.string() });
  return {
    pairs: v.array(
      v.strictObject({
        ids: v.pipe(v.tuple([v.string(), v.string()]), v.description('in the order of the proposed edges')),
        edge: v.pipe(edge, v.description('the edge that orders this pair, and perhaps others')),
        isTangled: v.pipe(v.boolean(), v.description('both orders conflict')),
        reasons: v.array(
          v.strictObject({
            code: v.string(),
            severity: v.picklist(['error', 'warning', 'info']),
            deeds: v.pipe(v.tuple([deed, deed]), v.description('in the order of `ids`')),
            isGuess: v.pipe(v.boolean(), v.description('uncertain: the SQL does not prove it')),
            failsAnyway: v.pipe(v.boolean(), v.description('the second fails in both orders: no edge helps')),
          }),
        ),
      }),
    ),
    edges: v.pipe(
      v.array(edge),
      v.description(
        'the smallest set of edges that orders all pairs, but for those that fail in both orders',
      ),
    ),
    accepted: v.pipe(v.number(), v.description('pairs that `-- kat:ignore` accepts')),
    migrations: v.pipe(
      v.number(),
      v.description('number of analysed migrations, including those of the base'),
    ),
    unordered: v.pipe(v.number(), v.description('number of unordered pairs')),
    base: v.optional(
      v.pipe(
        v.strictObject({ revision: v.string(), commit: v.string() }),
        v.description('the commit where the branch started, with --git-base'),
      ),
    ),
  };
};
