/** Asks the rules about one statement, and about those that are written down in a DO block. */

import { predictImpact } from '../impact/predict-impact.js';
import { type BlockStatement, blockStatements, follow, isThere } from '../schema/follow-blocks.js';
import { indexBytes } from '../syntax/text-places.js';
import { commandStartsOf } from './command-starts.js';
import type { RuleFound } from './finding.js';
import { fixOf } from './fix-of.js';
import { keepLive } from './live-relations.js';
import type { Reading } from './reading.js';
import type { LintedStatement } from './rule.js';

/** Carries the statement into the schema. */
export function checkStatement(reading: Reading, statement: LintedStatement): RuleFound[] {
  const inside = blockStatements(reading.parser, statement.node);
  const found = askRules(reading, statement, true);
  if (!inside) followOne(reading, statement);
  for (const inner of inside ?? []) {
    if (isThere(reading.schema, inner.node)) continue;
    const own = insideOf(statement, inner);
    found.push(...askRules(reading, own, false));
    followOne(reading, own);
  }
  return found;
}

function followOne({ parser, schema }: Reading, { node, migration }: LintedStatement): void {
  follow(parser, schema, { node, creator: migration.id });
}

function askRules(
  { setting, schema }: Reading,
  statement: LintedStatement,
  canBeFixed: boolean,
): RuleFound[] {
  statement.impact = predictImpact(statement.node, schema, setting.oldestServer);
  statement.liveImpact = keepLive(statement.impact, statement.isNew);
  const found: RuleFound[] = [];
  for (const rule of setting.rules) {
    for (const one of rule.checkStatement?.(statement) ?? []) {
      const fix = canBeFixed ? fixOf(setting, rule, { statement, at: one.at }) : {};
      found.push({ rule, found: one, ...fix });
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
    text: isFound ? text : '',
    commandStarts: isFound ? commandStartsOf(text) : () => [],
    start,
    end: isFound ? start + text.length : block.end,
    indexOf: (location) => (isFound && location !== undefined ? start + indexOfByte(location) : start),
  };
}
