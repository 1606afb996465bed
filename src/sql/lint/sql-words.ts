/** Cuts SQL into words and signs without parsing it, leaving comments out. */

/** Comments (a comment inside of a comment ends both), strings, quoted names, words, and single characters. */
const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:\\[\s\S]|[^\\'])*'|'[^']*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|[\w$\u0080-\uffff]+|\S/g;

/** A word, a sign, a string or a quoted name. */
export interface Word {
  text: string;
  /** UTF-16 index. */
  start: number;
}

/** In the order of the text. */
export function readWords(text: string): Word[] {
  return [...text.matchAll(tokens)]
    .map((match) => ({ text: match[0], start: match.index }))
    .filter((token) => !/^(--|\/\*)/.test(token.text));
}

/** The text up to its last word: without the comments behind it. */
export function withoutLastComments(text: string): string {
  const last = readWords(text).at(-1);
  return last ? text.slice(0, last.start + last.text.length) : '';
}
