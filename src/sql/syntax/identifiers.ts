/** Splits qualified names that are written in texts. */

/** Takes a text such as `public."My table"` or `f(integer)` apart, as regclass and its kind do. */
export function splitIdentifier(text: string): string[] {
  const parts: string[] = [];
  for (const match of text.replace(/\(.*$/s, '').matchAll(/"((?:[^"]|"")*)"|([^".\s]+)/g)) {
    parts.push(match[1] === undefined ? (match[2] as string).toLowerCase() : match[1].replaceAll('""', '"'));
  }
  return parts;
}
