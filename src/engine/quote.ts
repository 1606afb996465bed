/** Puts names and values into SQL text, so that everything of a migration can travel in one message. */

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

/** A `text[]` value of these elements. */
export function quoteTextArray(values: readonly string[]): string {
  return `ARRAY[${values.map(quoteLiteral).join(', ')}]::pg_catalog.text[]`;
}
