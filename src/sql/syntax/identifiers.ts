/** Splits qualified names that are written in texts, and writes them. */

import { quoteIdentifier } from '../../quote.js';

/** Takes a text such as `public."My table"` or `f(integer)` apart, as regclass and its kind do. */
export function splitIdentifier(text: string): string[] {
  const parts: string[] = [];
  for (const match of text.replace(/\(.*$/s, '').matchAll(/"((?:[^"]|"")*)"|([^".\s]+)/g)) {
    parts.push(match[1] === undefined ? (match[2] as string).toLowerCase() : match[1].replaceAll('""', '"'));
  }
  return parts;
}

/** The qualified name at the start of a text, such as `app."My table"` before a remark; letters stay as they are. */
export function firstName(text: string): string[] {
  const part = /"(?:[^"]|"")*"|[^".\s]+/.source;
  const [name = ''] = new RegExp(`^(?:${part})(?:\\.(?:${part}))*`).exec(text) ?? [];
  return [...name.matchAll(new RegExp(part, 'g'))].map(([found]) =>
    found.startsWith('"') ? found.slice(1, -1).replaceAll('""', '"') : found,
  );
}

/** Joins the parts of a qualified name, so that no dot in a name is taken for one between names. */
export function joinNames(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .map((part) => (/[."\s]/.test(part) ? quoteIdentifier(part) : part))
    .join('.');
}
