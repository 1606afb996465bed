/** Adds the indexes of foreign keys that PostgreSQL does not create. */

import { chooseName } from '../../postgres/chosen-names.js';
import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import { isTakenBeside } from '../../schema/taken-names.js';
import { nodeOf } from '../../syntax/node-of.js';
import { type ForeignKey, foreignKeysOf } from '../foreign-keys.js';
import type { LintedStatement } from '../rule.js';
import { quoteRange, quoteRelation } from './quote-name.js';
import { alone, type Fixer, together } from './statement-fix.js';

/**
 * Where the table is in use, CONCURRENTLY before the key; else behind it. A key that comes with its column on a table in use has no
 * place for an index before it.
 */
export const indexKey: Fixer = (statement, at) => {
  const key = foreignKeysOf(statement).find(
    ({ constraint }) => at === 0 || statement.indexOf(constraint.location) === at,
  );
  if (!key) return undefined;
  const index = describeIndex(statement, key);
  if (statement.isNew(key.table)) {
    const undo = nodeOf(statement.node, 'CreateStmt') ? {} : { undo: `DROP INDEX ${index.inDown}` };
    return [together(statement.text), together(`CREATE INDEX ${index.sql}`, undo)];
  }
  const isLater = (key.constraint.fk_attrs ?? []).length > 0 && key.table.kind === 'table';
  if (!isLater) return undefined;
  const undo = `DROP INDEX CONCURRENTLY ${index.inDown}`;
  return [alone(`CREATE INDEX CONCURRENTLY ${index.sql}`, { undo }), together(statement.text)];
};

function describeIndex({ node, schema }: LintedStatement, { columns, table }: ForeignKey) {
  const range = nodeOf(node, 'CreateStmt')?.relation ?? nodeOf(node, 'AlterTableStmt')?.relation ?? {};
  const parts = { table: table.name, columns, label: 'idx' };
  const name = chooseName(parts, isTakenBeside(schema, table, 'idx'));
  return {
    sql: `${quoteAsNeeded(name)} ON ${quoteRange(range)} (${columns.map(quoteAsNeeded).join(', ')})`,
    inDown: quoteRelation({ schema: table.schema, name }, schema),
  };
}
