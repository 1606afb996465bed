/** Without an index on its columns a foreign key reads the whole table for each row that goes from the other. */

import type { Constraint } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { namePartsOf } from '../../effects/object-names.js';
import { findRelation, type Index, nameText, type Relation, resolveRange } from '../../schema/schema.js';
import { provesNotNull } from '../proves-not-null.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const foreignKeyWithoutIndex: Rule = {
  id: 'foreign-key-without-index',
  severity: 'warning',
  summary: 'Foreign key whose own columns no index begins with',
  checkMigration: ({ statements }) =>
    statements.flatMap((statement) => readForeignKeys(statement).flatMap((key) => checkKey(statement, key))),
};

interface ForeignKey {
  constraint: Constraint;
  columns: readonly string[];
  table: Relation;
}

/** The keys of CREATE TABLE and ALTER TABLE, as far as all columns and indexes of their tables are known. */
function readForeignKeys({ node, schema }: LintedStatement): ForeignKey[] {
  const create = nodeOf(node, 'CreateStmt');
  const alter = nodeOf(node, 'AlterTableStmt');
  const range = create?.relation ?? alter?.relation;
  const table = range && findRelation(schema, resolveRange(schema, range));
  if (!table?.isWhole || (alter && alter.objtype !== 'OBJECT_TABLE')) return [];
  const parts = create?.tableElts ?? nodesOf(alter?.cmds, 'AlterTableCmd').flatMap(({ def }) => def ?? []);
  const alone = nodesOf(parts, 'Constraint').map((constraint) => ({
    constraint,
    columns: namePartsOf(constraint.fk_attrs),
    table,
  }));
  const inline = nodesOf(parts, 'ColumnDef').flatMap(({ constraints, colname = '' }) =>
    nodesOf(constraints, 'Constraint').map((constraint) => ({ constraint, columns: [colname], table })),
  );
  return [...alone, ...inline].filter(({ constraint }) => constraint.contype === 'CONSTR_FOREIGN');
}

/** Looks at the table as the whole migration leaves it. */
function checkKey(statement: LintedStatement, { constraint, columns, table }: ForeignKey): Found[] {
  const isKept = [...table.constraints.values()].some(
    ({ kind, columns: own }) => kind === 'foreign key' && own.join() === columns.join(),
  );
  if (!isKept || [...table.indexes.values()].some((index) => isUsable(index, columns))) return [];
  const own = nameText(table);
  const other = nameText(resolveRange(statement.schema, constraint.pktable));
  const how = statement.isNew(table) ? '' : ' CONCURRENTLY, in a migration of its own before this one';
  return [
    {
      at: statement.indexOf(constraint.location),
      message: `no index of ${own} begins with ${columns.join(' or ')}, so each DELETE from ${other} reads all rows of ${own}`,
      help: `Create an index on ${own} (${columns.join(', ')})${how}.`,
    },
  ];
}

/** One that begins with any of the columns helps; one without the rows that are null does, too. */
function isUsable({ columns, method, predicate }: Index, wanted: readonly string[]): boolean {
  const [first] = columns;
  if (first === undefined || !wanted.includes(first) || !['btree', 'hash'].includes(method)) return false;
  return (
    predicate === undefined ||
    ('NullTest' in predicate && wanted.some((one) => provesNotNull(predicate, one)))
  );
}
