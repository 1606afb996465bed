/** Fixes for statements about indexes and partitions that can do without stopping others. */

import type { IndexStmt } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { partsOf } from '../../effects/object-names.js';
import { readIndex } from '../../schema/read-table.js';
import { findRelation, type RelationName, resolveRange } from '../../schema/schema.js';
import type { LintedStatement } from '../rule.js';
import { quoteName, quoteRelation } from './quote-name.js';
import { alone, type Fixer, type Piece } from './statement-fix.js';

const createIndexWords = /^(create\s+(?:unique\s+)?index)\b(\s+concurrently\b)?(\s+if\s+not\s+exists\b)?/i;

/** CREATE INDEX CONCURRENTLY, with a name, and without IF NOT EXISTS, which would keep an invalid index. */
export const createConcurrently: Fixer = (statement) => {
  const index = nodeOf(statement.node, 'IndexStmt');
  const table = resolveRange(statement.schema, index?.relation);
  if (!index || !createIndexWords.test(statement.text)) return undefined;
  if (findRelation(statement.schema, table)?.kind === 'partitioned table') return undefined;
  const name = indexName(index, table);
  const given = index.idxname === undefined ? ` ${quoteName(name)}` : '';
  const sql = statement.text.replace(createIndexWords, `$1 ${concurrentlyLike(statement.text)}${given}`);
  return [alone(sql, { undo: `DROP INDEX CONCURRENTLY ${quoteRelation({ ...table, name })}` })];
};

function indexName(index: IndexStmt, table: RelationName): string {
  return readIndex(table, index).name;
}

/** In lower case beside lower case. */
function concurrentlyLike(text: string): string {
  return /^[a-z]/.test(text) ? 'concurrently' : 'CONCURRENTLY';
}

/** One DROP INDEX CONCURRENTLY for each index. */
export const dropConcurrently: Fixer = ({ node, text }) => {
  const drop = nodeOf(node, 'DropStmt');
  if (!drop || drop.behavior === 'DROP_CASCADE') return undefined;
  const condition = drop.missing_ok ? ' IF EXISTS' : '';
  const names = (drop.objects ?? []).map((object) => partsOf(object).map(quoteName).join('.'));
  const words = `DROP INDEX ${concurrentlyLike(text).toUpperCase()}${condition}`;
  return names.map((name) => alone(`${words} ${name}`));
};

/** The statement as it is, outside of a transaction. */
export const outsideOfTransaction: Fixer = ({ text }) => [alone(text)];

/** REINDEX … CONCURRENTLY. */
export const reindexConcurrently: Fixer = ({ text }) => {
  const words = /^(reindex\s+(?:index|table|schema|database))\b(?!\s+concurrently)/i;
  if (!words.test(text)) return undefined;
  return [alone(text.replace(words, `$1 ${concurrentlyLike(text)}`))];
};

/** DETACH PARTITION … CONCURRENTLY, for a statement that does nothing else. */
export const detachConcurrently: Fixer = (statement) => {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  const commands = nodesOf(alter?.cmds, 'AlterTableCmd');
  if (commands.length !== 1 || commands[0]?.subtype !== 'AT_DetachPartition') return undefined;
  return [detached(statement)];
};

function detached({ text }: LintedStatement): Piece {
  return alone(`${text} ${concurrentlyLike(text)}`);
}
