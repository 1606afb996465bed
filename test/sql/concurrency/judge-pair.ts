/** What the whole history shows of two migrations in no order, behind one that makes the base. */

import { judgeFootprints } from '../../../src/sql/concurrency/compare-footprints.js';
import { createFootprintReader } from '../../../src/sql/concurrency/read-footprints.js';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { type Parser, tryParse } from '../../../src/sql/syntax/parse.js';

/** The base has the number 0, the two have 1 and 2. @param server its major version, or an older one */
export function judgePair(parser: Parser, base: string, pair: readonly [string, string], server = 14) {
  const history = [base, ...pair].map((text, index) => ({
    id: String(index),
    effects: readEffects(parser, text),
    text,
  }));
  const reader = createFootprintReader(parser, server);
  const footprints = history.map((migration) =>
    reader.read(migration, tryParse(parser, migration.text) ?? []),
  );
  return judgeFootprints(footprints, findConflicts(history, { isAncestor: (ancestor) => ancestor === 0 }));
}
