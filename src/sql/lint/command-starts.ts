/** Finds the commands of an ALTER TABLE in its text, because the grammar does not say where they stand. */

/** Comments (a comment inside of a comment ends both), strings, quoted names, words, and single characters. */
const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:\\[\s\S]|[^\\'])*'|'[^']*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|[\w$\u0080-\uffff]+|\S/g;

interface Token {
  text: string;
  start: number;
}

/**
 * Where each command begins, such as the `ADD` of ADD COLUMN.
 * @param text one ALTER TABLE statement, from its first word
 * @returns UTF-16 indices into the text, in the order of the commands
 */
export function findCommandStarts(text: string): number[] {
  const found = readTokens(text);
  const first = skipName(found, skipWords(found));
  const starts = [first];
  let depth = 0;
  for (const [index, token] of found.entries()) {
    if (token.text === '(' || token.text === '[') depth += 1;
    else if (token.text === ')' || token.text === ']') depth -= 1;
    else if (token.text === ',' && depth === 0) starts.push(index + 1);
  }
  return starts.flatMap((index) => found[index]?.start ?? []);
}

function readTokens(text: string): Token[] {
  return [...text.matchAll(tokens)]
    .map((match) => ({ text: match[0], start: match.index }))
    .filter((token) => !/^(--|\/\*)/.test(token.text));
}

/** Behind ALTER TABLE [IF EXISTS] [ONLY]. */
function skipWords(found: readonly Token[]): number {
  const isWord = (index: number, word: string) => found[index]?.text.toUpperCase() === word;
  let index = 2;
  if (isWord(index, 'IF') && isWord(index + 1, 'EXISTS')) index += 2;
  return isWord(index, 'ONLY') ? index + 1 : index;
}

/** Behind the table's name, which may have a schema in front, brackets around, or a star behind it. */
function skipName(found: readonly Token[], from: number): number {
  const isBracketed = found[from]?.text === '(';
  let index = from + (isBracketed ? 2 : 1);
  while (found[index]?.text === '.') index += 2;
  return isBracketed || found[index]?.text === '*' ? index + 1 : index;
}
