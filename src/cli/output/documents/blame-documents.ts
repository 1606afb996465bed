/** The JSON document of `kat blame`. */

import * as v from 'valibot';

/** @param location the shape of a place in a file */
export const blameFields = <Location extends v.GenericSchema>(location: Location) => ({
  objects: v.pipe(
    v.array(
      v.strictObject({
        kind: v.pipe(v.string(), v.description('such as `table` or `column`')),
        name: v.pipe(v.string(), v.description('the last name, without the schema `public`')),
        formerNames: v.pipe(v.array(v.string()), v.description('earlier names, the oldest first')),
        isDropped: v.boolean(),
        statements: v.pipe(v.array(blamedStatement(location)), v.description('in graph order')),
      }),
    ),
    v.description('all objects that have the name or had it before'),
  ),
  unread: v.pipe(
    v.array(
      v.strictObject({
        migration: v.string(),
        reason: v.pipe(v.string(), v.description('such as `dynamic SQL`')),
        location,
        isNamed: v.pipe(v.boolean(), v.description("whether the migration contains the object's name")),
      }),
    ),
    v.description('SQL that Kat cannot read and that may change the object, too'),
  ),
  gitProblem: v.optional(v.pipe(v.string(), v.description('why git cannot name the authors'))),
});

const blamedStatement = <Location extends v.GenericSchema>(location: Location) =>
  v.strictObject({
    migration: v.string(),
    deeds: v.pipe(v.array(v.string()), v.description('such as `creates table users`')),
    location,
    statement: v.pipe(v.string(), v.description('the whole statement')),
    isConditional: v.pipe(
      v.boolean(),
      v.description('with IF [NOT] EXISTS, or inside a branch that may not run'),
    ),
    isCommitted: v.optional(v.pipe(v.boolean(), v.description('left out where git does not know it'))),
    commit: v.optional(
      v.strictObject({
        commit: v.pipe(v.string(), v.description('the full name of the commit that last changed the line')),
        author: v.string(),
        authoredAt: v.pipe(v.string(), v.description('ISO 8601 in UTC')),
        subject: v.string(),
        isBoundary: v.pipe(
          v.boolean(),
          v.description('the clone ends here: an earlier commit may have written the line'),
        ),
      }),
    ),
  });
