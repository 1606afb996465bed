/** Quotes names and values in SQL text, so that a migration and its records fit into one message. */

/** An identifier in double quotes: exactly as spelled, whatever characters it has. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as an SQL literal; undefined and null become NULL.
 * Backslashes force the E'' form, which reads the same whatever a migration did to `standard_conforming_strings`.
 */
export function quoteLiteral(value: string | null | undefined): string {
  if (value === undefined || value === null) return 'NULL';
  const doubled = value.replaceAll("'", "''");
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** A dollar-quoted text, whose content needs no escapes: the body of a DO block. */
export function quoteDollar(text: string): string {
  let tag = '$kat$';
  for (let number = 1; text.includes(tag); number += 1) tag = `$kat${number}$`;
  return `${tag}${text}${tag}`;
}

/** A `text[]` value of these elements. */
export function quoteTextArray(values: readonly string[]): string {
  return `ARRAY[${values.map(quoteLiteral).join(', ')}]::pg_catalog.text[]`;
}
