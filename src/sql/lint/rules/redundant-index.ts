/** Two indexes that begin with the same columns cost two writes, and one of them would do. */

import { findRelation, type Index, nameText, type Relation, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const redundantIndex: Rule = {
  id: 'redundant-index',
  severity: 'info',
  topic: 'design',
  summary: 'index whose columns another index of the same table begins with',
  checkMigration: ({ ran }) => {
    const found = new Map<Index, Found>();
    const grouped: Grouped = new Map();
    for (const statement of ran) {
      const pair = findPair(grouped, statement);
      // Two new indexes of the same columns find each other.
      if (!pair || found.has(pair.less) || found.has(pair.more)) continue;
      found.set(pair.less, describe(statement, pair));
    }
    return [...found.values()];
  },
};

/** The plain indexes of a table, by the column that they begin with. */
type Grouped = Map<Relation, ReadonlyMap<string | undefined, Index[]>>;

interface Pair {
  table: Relation;
  less: Index;
  more: Index;
}

/** Looks at the table as the whole migration leaves it: an index that goes in the same migration does not count. */
function findPair(grouped: Grouped, { node, schema, madeIndex }: LintedStatement): Pair | undefined {
  const created = nodeOf(node, 'IndexStmt');
  if (!created) return undefined;
  const table = findRelation(schema, resolveRange(schema, created.relation));
  const index = table?.indexes.get(madeIndex?.name ?? '');
  if (!table || !index?.isPlain) return undefined;
  const groups = grouped.get(table) ?? groupIndexes(table);
  grouped.set(table, groups);
  const others = (groups.get(index.columns[0]) ?? []).filter((other) => other !== index);
  const wider = others.find((other) => isCoveredBy(index, other));
  if (wider) return { table, less: index, more: wider };
  const narrower = others.find((other) => isCoveredBy(other, index));
  return narrower && { table, less: narrower, more: index };
}

function groupIndexes({ indexes }: Relation): Map<string | undefined, Index[]> {
  const groups = new Map<string | undefined, Index[]>();
  for (const index of indexes.values()) {
    const [first] = index.columns;
    if (index.isPlain) groups.set(first, [...(groups.get(first) ?? []), index]);
  }
  return groups;
}

function describe(statement: LintedStatement, { table, less, more }: Pair): Found {
  return {
    at: statement.start,
    message: `the index ${less.name} on ${nameText(table)} (${less.columns.join(', ')}) is redundant beside ${more.name} (${more.columns.join(', ')})`,
    help: `Leave out ${less.name}, unless it is much smaller.`,
  };
}

/** Whether the other does all that the index does. */
function isCoveredBy({ columns, isUnique }: Index, other: Index): boolean {
  const isStart = columns.every((column, at) => column === other.columns[at]);
  return isStart && (!isUnique || (other.isUnique && other.columns.length === columns.length));
}
