/** The names of SQLite's result codes (https://www.sqlite.org/rescode.html). */

/** By number, of which the lowest byte of an extended code is one. */
const primary: readonly string[] = [
  ...[
    'OK',
    'ERROR',
    'INTERNAL',
    'PERM',
    'ABORT',
    'BUSY',
    'LOCKED',
    'NOMEM',
    'READONLY',
    'INTERRUPT',
    'IOERR',
  ],
  ...['CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT'],
  ...['MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
];

/** The rest of the name of `SQLITE_CONSTRAINT_…`, by the second byte. */
const constraints: readonly string[] = [
  ...['', 'CHECK', 'COMMITHOOK', 'FOREIGNKEY', 'FUNCTION', 'NOTNULL', 'PRIMARYKEY', 'TRIGGER', 'UNIQUE'],
  ...['VTAB', 'ROWID', 'PINNED', 'DATATYPE'],
];

/** Such as `SQLITE_CONSTRAINT_UNIQUE` of 2067; extended codes of other kinds have the name of their kind. */
export function nameResultCode(code: number): string {
  const name = primary[code & 0xff] ?? 'ERROR';
  const detail = name === 'CONSTRAINT' ? constraints[code >> 8] : undefined;
  return `SQLITE_${name}${detail ? `_${detail}` : ''}`;
}

/** Whether `code`, such as `SQLITE_BUSY_SNAPSHOT`, is of this kind, such as `BUSY`. */
export function isResultCode(
  code: string | undefined,
  kind: 'BUSY' | 'READONLY' | 'CANTOPEN' | 'FULL' | 'NOTADB',
): boolean {
  return code === `SQLITE_${kind}` || code?.startsWith(`SQLITE_${kind}_`) === true;
}
