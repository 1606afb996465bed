/** Finds the line of a block or function of a migration at which PostgreSQL says that code failed. */

/** The statement that failed, as a part of the migration's text. */
interface FailedStatement {
  /** UTF-16 index into the text. */
  start: number;
  text: string;
}

/**
 * The innermost of the blocks and functions that the migration has itself; PL/pgSQL counts lines from the opening of the body.
 * @param context the lines of the server's CONTEXT, the innermost first; those of a server that speaks another language say nothing.
 * @returns the UTF-16 index of the first word in that line; undefined where no such line is named.
 */
export function findPlaceInCode(
  text: string,
  statement: FailedStatement,
  context: string | undefined,
): number | undefined {
  for (const [, name = '', line = ''] of (context ?? '').matchAll(frame)) {
    const body =
      name === 'inline_code_block' ? bodyOfBlock(statement) : bodyOfFunction(text, statement, name);
    const found = body === undefined ? undefined : startOfLine(text, body, Number(line));
    // The first line of a block is that of its DO.
    if (found !== undefined) return name === 'inline_code_block' && line === '1' ? statement.start : found;
  }
  return undefined;
}

/** As plpgsql_exec_error_callback writes it (pl_exec.c); in a function the name has the types of its arguments. */
const frame = /^PL\/pgSQL function (.+?)(?:\(.*\))? line (\d+) at /gm;

const opening = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u;

function bodyOfBlock({ start, text }: FailedStatement): number | undefined {
  return behindOpening(text, 0, start);
}

/** @returns undefined unless the text before creates exactly one function of that name. */
function bodyOfFunction(text: string, { start }: FailedStatement, name: string): number | undefined {
  const before = text.slice(0, start);
  const last = name.replace(/^.*\./, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const creation = new RegExp(
    `\\bcreate\\s+(?:or\\s+replace\\s+)?(?:function|procedure)\\s+(?:[^;$(]*[."])?${last}"?\\s*\\(`,
    'gi',
  );
  const [found, second] = [...before.matchAll(creation)];
  return found && !second ? behindOpening(before, found.index, 0) : undefined;
}

function behindOpening(text: string, from: number, offset: number): number | undefined {
  const found = opening.exec(text.slice(from));
  return found ? offset + from + found.index + found[0].length : undefined;
}

function startOfLine(text: string, body: number, line: number): number | undefined {
  let index = body;
  for (let count = 1; count < line; count += 1) {
    const end = text.indexOf('\n', index);
    if (end < 0) return undefined;
    index = end + 1;
  }
  const [blanks = ''] = /^[^\S\n]*/.exec(text.slice(index)) ?? [];
  return index + blanks.length;
}
