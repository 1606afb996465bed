/** Finds the UPDATE and DELETE of a statement that go through a whole table in use. */

import { changesIn, type FoundChange } from './changes-in.js';
import type { LintedStatement } from './rule.js';

/** Those without a condition, also in WITH queries. */
export function wholeChanges(statement: LintedStatement, kind: FoundChange['kind']): FoundChange[] {
  const { node, schema, isNew, isEmptied } = statement;
  return changesIn(node, schema).filter(
    (change) => change.kind === kind && change.isWhole && !isNew(change.table) && !isEmptied(change.table),
  );
}
