/** Finds the words with which other tools end a statement, and puts semicolons in their places. */

/** Texts in which no separator counts: strings, quoted names, dollar quotes, comments. */
const opaque = [
  `'[^']*'`,
  `"[^"]*"`,
  String.raw`\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\k<tag>\$`,
  String.raw`--[^\n]*`,
  String.raw`\/\*[\s\S]*?\*\/`,
].join('|');

/**
 * A semicolon in the place of each separator, unless a statement ended there already. Line breaks stay, so that every line
 * keeps its number.
 * @param separator the source of a regular expression without groups.
 */
export function endStatements(text: string, separator: string): string {
  const pattern = new RegExp(`(?<separator>${separator})|${opaque}`, 'gi');
  return text.replace(pattern, (whole, ...rest) => {
    const [index, , groups] = rest.slice(-3) as [number, string, { separator?: string }];
    if (groups.separator === undefined) return whole;
    const lines = whole.replace(/[^\r\n]/g, '');
    const sign = endOfStatement(text.slice(0, index));
    // Behind the first line break: in front of it a comment may end.
    return lines === '' ? sign : lines.replace('\n', `\n${sign}`);
  });
}

/** A semicolon, unless the text before has one already: a tool's own separator ends a statement, too. */
export function endOfStatement(before: string): ';' | '' {
  const text = before.replace(/--[^\n]*/g, '').trimEnd();
  return text === '' || text.endsWith(';') ? '' : ';';
}
