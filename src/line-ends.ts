/** Line ends: git may give a clone CRLF where another one has LF. */

/** The same text with LF alone. */
export function withPlainLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
