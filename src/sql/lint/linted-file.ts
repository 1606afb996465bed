/** Reads one of the two files of a migration, as rules see it. */

import { readEffects } from '../effects/read-effects.js';
import { type Parser, parseStatements, type Statement } from '../parse.js';
import type { LintedFile } from './rule.js';

/** @param parsed its statements, where somebody has parsed it already */
export function readFile(parser: Parser, text: string, parsed?: readonly Statement[]): LintedFile {
  const statements = parsed ?? parseFile(parser, text);
  let effects: ReturnType<LintedFile['effects']> | undefined;
  return { text, statements, effects: () => (effects ??= readEffects(parser, text, statements)) };
}

/** @returns undefined for what is no SQL. */
function parseFile(parser: Parser, text: string): Statement[] | undefined {
  try {
    const parsed = parseStatements(parser, text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // The parser gives up on statements that nest too deeply.
    return undefined;
  }
}
