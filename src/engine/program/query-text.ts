/** Writes the query of a program as SQL: values become literals, and names become identifiers. */

import { KatError } from '../../errors.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import { visitTokens } from '../../sql/syntax/tokens.js';

/** What stands between two texts of a template. */
export type PackedValue = { kind: 'identifier'; name: string } | { kind: 'value'; value: unknown };

/** The texts of a template with what stands between them. */
export interface QueryTemplate {
  texts: readonly string[];
  values: readonly PackedValue[];
}

/**
 * @throws KatError SQL_INVALID for a value that PostgreSQL has no literal for, and for a value inside of a quoted text, a comment or a
 *   name, where a literal would end what is around it.
 */
export function writeQuery({ texts, values }: QueryTemplate): string {
  refuseHiddenValues(texts);
  // The blanks keep a literal from becoming one token with the text around it, such as E'…'.
  return texts.map((text, index) => (index === 0 ? text : ` ${write(values[index - 1])} ${text}`)).join('');
}

const placeholder = 'kat_value';

function refuseHiddenValues(texts: readonly string[]): void {
  if (texts.length === 1) return;
  const places = new Set<number>();
  let length = texts[0]?.length ?? 0;
  for (const text of texts.slice(1)) {
    places.add(length);
    length += placeholder.length + text.length;
  }
  visitTokens(texts.join(placeholder), (start, end) => {
    if (end - start === placeholder.length) places.delete(start);
  });
  if (places.size === 0) return;
  throw invalid(
    'a value is inside of a quoted text, a comment or a name',
    'Put values where SQL has a value of its own, and join texts with `||`.',
  );
}

function write(packed: PackedValue | undefined): string {
  if (packed?.kind === 'identifier') return quoteIdentifier(refuseUnstorable(packed.name));
  const text = textOf(packed?.value);
  return quoteLiteral(text === null ? null : refuseUnstorable(text));
}

/** Half a pair of surrogates would travel as U+FFFD. */
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function refuseUnstorable(text: string): string {
  if (text.includes('\0'))
    throw invalid('a value has a NUL byte', 'Remove it: PostgreSQL cannot store it in a text.');
  if (lone.test(text))
    throw invalid(
      'a value has half a character of two code units',
      'Cut texts between characters, as `[...text].slice(…)` does, and not between code units.',
    );
  return text;
}

/** @returns null for NULL. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `{${value.map(elementOf).join(',')}}`;
  if (value instanceof Date) return dateText(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return String(value);
}

/** PostgreSQL reads ISO 8601 with years of more than four digits only without the sign. */
function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) throw invalid('a value is an invalid date', 'Check how it was made.');
  return value.toISOString().replace(/^\+0*/, '');
}

function elementOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(elementOf).join(',')}}`;
  const text = textOf(value);
  return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function invalid(message: string, help: string): KatError {
  return new KatError('SQL_INVALID', message, { help });
}
