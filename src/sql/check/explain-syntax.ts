/** Adds to PostgreSQL's syntax errors what its one line does not say. */

import type { Problem } from '../../errors.js';
import type { SyntaxProblem } from '../syntax/parse.js';

/** The server's own message, its excerpt cut to one line, with help where there is some. */
export function explainSyntaxProblem(problem: SyntaxProblem): Pick<Problem, 'message' | 'sqlstate' | 'help'> {
  const { message, sqlstate, sourceLine } = problem;
  const help = explainInvisible(sourceLine) ?? explainUnclosed(message);
  return { message: shortenExcerpt(message), sqlstate, ...(help ? { help } : {}) };
}

/** No-break spaces and their like look like blanks, but PostgreSQL takes them for letters. Joiners belong to emoji. */
function explainInvisible(line: string): string | undefined {
  const match = /(?![ \u200d])[\p{Zs}\p{Cf}]/u.exec(line);
  if (!match) return undefined;
  const code = (match[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  const column = [...line.slice(0, match.index)].length + 1;
  return `This line has an invisible character, U+${code}, in column ${column}: replace it by a space or delete it.`;
}

function explainUnclosed(message: string): string | undefined {
  return message.startsWith('unterminated ') ? 'Close what begins here.' : undefined;
}

/** An unclosed string makes PostgreSQL quote the whole rest of the file. */
function shortenExcerpt(message: string): string {
  const match = /^(?:.*? at or near ")[^\r\n]{0,100}/.exec(message);
  return match && match[0].length < message.length ? `${match[0]}…"` : message;
}
