/** Applies statements to the linter's schema, and marks the parts that the base commit has as well. */

import { type Followed, followBlock } from '../schema/follow-blocks.js';
import type { Schema } from '../schema/schema.js';
import type { Parser } from '../syntax/parse.js';

/** Keys of relations and types that are in use, although migrations make them here that the base has not, or has in another form. */
export interface BaseNames {
  relations: ReadonlySet<string>;
  types: ReadonlySet<string>;
}

/** The state that statements are applied to. */
export interface Following {
  parser: Parser;
  schema: Schema;
  /** Those that nothing has made here yet: what comes later under the same name is another object. */
  awaited: { relations: Set<string>; types: Set<string> };
}

/** Those that are still to come. */
export function awaitNames({ relations, types }: BaseNames): Following['awaited'] {
  return { relations: new Set(relations), types: new Set(types) };
}

export function followInto({ parser, schema, awaited }: Following, followed: Followed): void {
  followBlock(parser, schema, followed);
  mark(schema.relations, awaited.relations);
  mark(schema.types, awaited.types);
}

function mark(known: ReadonlyMap<string, { isInBase?: boolean }>, awaited: Set<string>): void {
  for (const key of awaited) {
    const made = known.get(key);
    if (!made) continue;
    made.isInBase = true;
    awaited.delete(key);
  }
}
