/** Runs the rules on one statement, and on the statements of a DO block or of the functions that it calls. */

import { predictImpact } from '../impact/predict-impact.js';
import { type BlockStatement, blockStatements, isThere } from '../schema/follow-blocks.js';
import { findRelation, type Index, keyOfName, resolveParts, resolveRange } from '../schema/schema.js';
import { noteUnread } from '../schema/unread-code.js';
import { nodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import { indexBytes } from '../syntax/text-places.js';
import { withoutAssumed } from './assumed-work.js';
import { calledStatements } from './called-statements.js';
import { commandStartsOf } from './command-starts.js';
import type { RuleFound } from './finding.js';
import { fixOf } from './fix-of.js';
import { followInto } from './follow-into.js';
import { followRows } from './known-rows.js';
import { keepLive } from './live-relations.js';
import type { Reading } from './reading.js';
import type { DroppedIndex, LintedStatement } from './rule.js';

/** The findings in a statement, and the executed statements: itself with those of the functions that it calls, or those of a block. */
export interface Checked {
  found: RuleFound[];
  ran: LintedStatement[];
  /** Whether each of them may have a transaction of its own. */
  isApart: boolean;
}

/** Carries the statement into the schema. */
export function checkStatement(reading: Reading, statement: LintedStatement): Checked {
  const block = blockStatements(reading.parser, statement.node);
  const found = askRules(reading, statement, fixOf);
  if (block) noteUnread(reading.schema, { node: statement.node, creator: statement.migration.id });
  else followOne(reading, statement);
  const ran: LintedStatement[] = block ? [] : [statement];
  const inside =
    block?.flatMap((inner) => [inner, ...calledStatements(reading, inner.node)]) ??
    calledStatements(reading, statement.node);
  for (const inner of inside) {
    if (isThere(reading.schema, inner.node)) continue;
    const own = insideOf(statement, inner);
    found.push(...askRules(reading, own, () => ({})));
    followOne(reading, own);
    ran.push(own);
  }
  followRows(reading.schema, statement.node);
  return { found, ran, isApart: inside.some(({ isApart }) => isApart) };
}

function followOne(reading: Reading, statement: LintedStatement): void {
  const { node, migration } = statement;
  followInto(reading, { node, creator: migration.id });
  reading.emptied.follow(statement);
  statement.madeIndex = findMadeIndex(statement);
}

function findDroppedIndexes({ node, schema }: LintedStatement): DroppedIndex[] {
  const drop = nodeOf(node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_INDEX') return [];
  return (drop.objects ?? []).flatMap((object) => {
    const name = resolveParts(schema, partsOf(object), schema.indexOwners);
    const table = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
    const index = table?.indexes.get(name.name);
    return table && index ? { index, table: { schema: table.schema, name: table.name } } : [];
  });
}

/** The last that its table got. */
function findMadeIndex({ node, schema }: LintedStatement): Index | undefined {
  const index = nodeOf(node, 'IndexStmt');
  const table = index && findRelation(schema, resolveRange(schema, index.relation));
  const last = [...(table?.indexes.values() ?? [])].at(-1);
  return index?.idxname === undefined ? last : table?.indexes.get(index.idxname);
}

function askRules(
  { setting, schema }: Reading,
  statement: LintedStatement,
  findFix: typeof fixOf | (() => object),
): RuleFound[] {
  statement.schema = { ...schema };
  statement.droppedIndexes = findDroppedIndexes(statement);
  statement.impact = predictImpact(statement.node, schema, setting.oldestServer);
  statement.liveImpact = keepLive(withoutAssumed(statement), statement);
  const found: RuleFound[] = [];
  for (const rule of setting.rules) {
    for (const one of rule.checkStatement?.(statement) ?? []) {
      found.push({ rule, found: one, ...findFix(setting, rule, { statement, at: one.at }) });
    }
  }
  return found;
}

/** Its text stands in that of the block, unless its quotes were written twice: then its place is that of the block. */
function insideOf(block: LintedStatement, { node, text }: BlockStatement): LintedStatement {
  const offset = block.text.indexOf(text);
  const isFound = offset >= 0;
  const start = block.start + Math.max(offset, 0);
  const indexOfByte = indexBytes(text);
  return {
    ...block,
    node,
    isInBlock: true,
    text: isFound ? text : '',
    commandStarts: isFound ? commandStartsOf(text) : () => [],
    start,
    end: isFound ? start + text.length : block.end,
    indexOf: (location) => (isFound && location !== undefined ? start + indexOfByte(location) : start),
  };
}
