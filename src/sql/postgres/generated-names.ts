/** The names that PostgreSQL generates for constraints, indexes and sequences. */

const maxBytes = 63;

/**
 * `table_columns_label`, cut to 63 bytes as makeObjectName does it (commands/indexcmds.c): the longer of the two first
 * parts loses its end first.
 */
export function makeObjectName(table: string, columns: string | undefined, label: string): string {
  const overhead = label.length + 1 + (columns === undefined ? 0 : 1);
  let first = byteLength(table);
  let second = columns === undefined ? 0 : byteLength(columns);
  while (first + second > maxBytes - overhead) {
    if (first > second) first -= 1;
    else second -= 1;
  }
  const parts = [cut(table, first), ...(columns === undefined ? [] : [cut(columns, second)]), label];
  return parts.join('_');
}

/** The columns' part of an index's or key's name: ChooseIndexNameAddition stops at 63 bytes (commands/indexcmds.c). */
export function joinColumns(columns: readonly string[]): string {
  let joined = '';
  for (const [index, column] of columns.entries()) {
    joined = index === 0 ? column : `${joined}_${column}`;
    if (byteLength(joined) >= maxBytes) break;
  }
  return cut(joined, maxBytes);
}

/** Appends numbers until the name is free. */
export function firstFree(name: (suffix: string) => string, isTaken: (name: string) => boolean): string {
  for (let pass = 0; ; pass += 1) {
    const candidate = name(pass === 0 ? '' : String(pass));
    if (!isTaken(candidate)) return candidate;
  }
}

/** As PostgreSQL cuts every name that is too long. */
export function cutName(name: string): string {
  return cut(name, maxBytes);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Cuts between characters, never inside one. */
function cut(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text;
  let length = 0;
  let result = '';
  for (const character of text) {
    length += byteLength(character);
    if (length > bytes) break;
    result += character;
  }
  return result;
}
