/** Finds the names in a statement's text as they were written: the syntax tree has them cut to 63 bytes already. */

/** One name, without its quotes. */
export interface WrittenName {
  name: string;
  /** UTF-16 index into the text. */
  start: number;
}

/** Comments and strings of all kinds, which are passed over; then names, quoted or not. */
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|\$([a-zA-Z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|"((?:[^"]|"")*)"|[a-zA-Z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/** All names and keywords of a text, outside of strings and the bodies of functions. */
export function findIdentifiers(text: string): WrittenName[] {
  return [...text.matchAll(token)].flatMap(({ 0: whole, 2: quoted, index }) => {
    if (quoted !== undefined) return [{ name: quoted.replaceAll('""', '"'), start: index }];
    return /^(--|\/\*|[eE]?'|\$)/.test(whole) ? [] : [{ name: whole, start: index }];
  });
}
