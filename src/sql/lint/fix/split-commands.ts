/** Makes a statement of each command of an ALTER TABLE, so that each can be fixed by itself. */

import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { indexBytes } from '../../effects/text-places.js';
import type { Parser } from '../../parse.js';
import { resolveRange } from '../../schema/schema.js';
import { quoteRelation } from './quote-name.js';
import { type Fixer, together } from './statement-fix.js';

/** @returns a fixer that leaves statements with a single command to `next`. */
export function splitFirst(parser: Pick<Parser, 'scanSync'>, next: Fixer): Fixer {
  return (statement, at) => {
    const alter = nodeOf(statement.node, 'AlterTableStmt');
    const count = nodesOf(alter?.cmds, 'AlterTableCmd').length;
    if (!alter || count < 2) return next(statement, at);
    const texts = splitCommands(parser, statement.text);
    if (texts.length !== count) return undefined;
    const only = alter.relation?.inh === true ? '' : 'ONLY ';
    const table = quoteRelation(resolveRange(statement.schema, alter.relation));
    const condition = alter.missing_ok ? 'IF EXISTS ' : '';
    return texts.map((text) => together(`ALTER TABLE ${condition}${only}${table} ${text}`));
  };
}

/** The texts between the commas that stand in no brackets; the first without the words in front of its command. */
function splitCommands(parser: Pick<Parser, 'scanSync'>, text: string): string[] {
  const indexOf = indexBytes(text);
  const tokens = parser.scanSync(text).tokens.map(({ text: word, start, end }) => ({
    word: word.toLowerCase(),
    start: indexOf(start),
    end: indexOf(end),
  }));
  const first = tokens.findIndex(({ word }, index) => index > 2 && commandWords.has(word));
  const starts = [tokens[first]?.start ?? text.length];
  const ends: number[] = [];
  let depth = 0;
  for (const { word, start, end } of tokens.slice(first)) {
    if (word === '(' || word === '[') depth += 1;
    if (word === ')' || word === ']') depth -= 1;
    if (word !== ',' || depth > 0) continue;
    ends.push(start);
    starts.push(end);
  }
  ends.push(text.length);
  return starts.map((start, index) => text.slice(start, ends[index]).trim());
}

/** Every command of ALTER TABLE begins with one of these (PostgreSQL's documentation, ALTER TABLE). */
const commandWords: ReadonlySet<string> = new Set(
  'add drop alter set reset enable disable force no cluster without inherit of not owner replica validate attach detach'.split(
    ' ',
  ),
);
