/** Without an index on its columns a foreign key scans the table for each deleted row of the referenced table. */

import type { Node } from '@pgsql/types';
import { columnOf } from '../../impact/proofs.js';
import { type Index, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { type ForeignKey, foreignKeysOf } from '../foreign-keys.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const foreignKeyWithoutIndex: Rule = {
  id: 'foreign-key-without-index',
  severity: 'warning',
  topic: 'design',
  summary: 'foreign key whose own columns no index begins with',
  checkMigration: ({ ran }) =>
    ran.flatMap((statement) =>
      foreignKeysOf(statement)
        .filter(
          ({ table, columns }) => ![...table.indexes.values()].some((index) => isUsable(index, columns)),
        )
        .map((key) => describe(statement, key)),
    ),
};

function describe(statement: LintedStatement, { constraint, columns, table }: ForeignKey): Found {
  const own = nameText(table);
  const other = nameText(resolveRange(statement.schema, constraint.pktable));
  const how = statement.isNew(table) ? '' : ' CONCURRENTLY, in a migration of its own before this one';
  return {
    at: statement.indexOf(constraint.location),
    message: `no index of ${own} begins with ${columns.join(' or ')}, so each DELETE from ${other} reads all rows of ${own}`,
    help: `Create an index on ${own} (${columns.join(', ')})${how}.`,
  };
}

/** One that begins with any of the columns helps; one without the rows that are null does, too. */
function isUsable({ columns, method, predicate }: Index, wanted: readonly string[]): boolean {
  const [first] = columns;
  if (first === undefined || !wanted.includes(first) || !['btree', 'hash'].includes(method)) return false;
  return predicate === undefined || isNotNullOf(predicate, wanted);
}

function isNotNullOf(predicate: Node, wanted: readonly string[]): boolean {
  const test = nodeOf(predicate, 'NullTest');
  return test?.nulltesttype === 'IS_NOT_NULL' && wanted.includes(columnOf(test.arg) ?? '');
}
