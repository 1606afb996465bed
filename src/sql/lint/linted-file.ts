/** Reads one of the two files of a migration, as rules see it. */

import { readEffects } from '../effects/read-effects.js';
import { bodyStatements } from '../schema/follow-blocks.js';
import { type Parser, type Statement, tryParse } from '../syntax/parse.js';
import type { LintedFile } from './rule.js';

/** @param parsed its statements, where somebody has parsed it already */
export function readFile(parser: Parser, text: string, parsed?: readonly Statement[]): LintedFile {
  const statements = parsed ?? tryParse(parser, text);
  let effects: ReturnType<LintedFile['effects']> | undefined;
  return {
    text,
    statements,
    effects: () => (effects ??= readEffects(parser, text, statements)),
    bodyOf: (node) => bodyStatements(parser, node),
  };
}
