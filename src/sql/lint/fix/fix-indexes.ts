/** Fixes for statements about indexes and partitions that can do without stopping others. */

import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import { readIndex } from '../../schema/indexes.js';
import { findRelation, keyOfName, resolveRange } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import { quoteRelation } from './quote-name.js';
import { alone, type Fixer } from './statement-fix.js';

const createIndexWords = /^(create\s+(?:unique\s+)?index)\b(\s+concurrently\b)?(\s+if\s+not\s+exists\b)?/i;

/**
 * CREATE INDEX CONCURRENTLY, with a name, and without IF NOT EXISTS, which would keep an invalid index. Which names are free is known
 * only of tables whose whole history is.
 */
export const createConcurrently: Fixer = ({ node, schema, text }) => {
  const index = nodeOf(node, 'IndexStmt');
  const table = resolveRange(schema, index?.relation);
  const known = findRelation(schema, table);
  if (!index || !createIndexWords.test(text) || known?.kind === 'partitioned table') return undefined;
  if (known?.indexes.has(index.idxname ?? '')) return undefined;
  const name = index.idxname ?? (known?.isWhole ? readIndex(schema, known, index).name : undefined);
  if (name === undefined) return undefined;
  const given = index.idxname === undefined ? ` ${quoteAsNeeded(name)}` : '';
  const sql = text.replace(createIndexWords, (_, words) => `${words} ${concurrentlyLike(text)}${given}`);
  return [alone(sql, { undo: `DROP INDEX CONCURRENTLY ${quoteRelation({ ...table, name }, schema)}` })];
};

/** In lower case beside lower case. */
function concurrentlyLike(text: string): string {
  return /^[a-z]/.test(text) ? 'concurrently' : 'CONCURRENTLY';
}

/** One DROP INDEX CONCURRENTLY for each index. */
export const dropConcurrently: Fixer = ({ node, text }) => {
  const drop = nodeOf(node, 'DropStmt');
  if (!drop || drop.behavior === 'DROP_CASCADE') return undefined;
  const condition = drop.missing_ok ? ' IF EXISTS' : '';
  const names = (drop.objects ?? []).map((object) => partsOf(object).map(quoteAsNeeded).join('.'));
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

/** DETACH PARTITION … CONCURRENTLY, which a default partition forbids (ATExecDetachPartition, tablecmds.c). */
export const detachConcurrently: Fixer = ({ node, schema, text }) => {
  const alter = nodeOf(node, 'AlterTableStmt');
  const commands = nodesOf(alter?.cmds, 'AlterTableCmd');
  if (commands.length !== 1 || commands[0]?.subtype !== 'AT_DetachPartition') return undefined;
  const key = keyOfName(resolveRange(schema, alter?.relation));
  const hasDefault = [...schema.relations.values()].some(
    ({ isDefaultPartition, parents }) => isDefaultPartition && parents.some((one) => keyOfName(one) === key),
  );
  return hasDefault ? undefined : [alone(`${text} ${concurrentlyLike(text)}`)];
};
