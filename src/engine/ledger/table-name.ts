/** The name of the tracking table: what may be configured, and how it is written in SQL. */

import { createHash } from 'node:crypto';
import { KatError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { isSystemSchema } from '../../sql/postgres/system-schemas.js';

export interface TableName {
  /** Undefined means the first schema of the session's search path. */
  schema: string | undefined;
  table: string;
}

const identifierPattern = /^[\p{L}_][\p{L}\p{N}_$-]*$/u;

/** PostgreSQL cuts identifiers off there (NAMEDATALEN - 1). */
const maxNameBytes = 63;

/**
 * Reads `migrations` or `audit.migrations`. Upper and lower case are kept, as in a quoted identifier.
 * @throws KatError CONFIG_INVALID for anything but one or two plain identifiers.
 */
export function parseTableName(text: string): TableName {
  const parts = text.split('.');
  const table = parts.pop() ?? '';
  const schema = parts.pop();
  const isPlain = parts.length === 0 && [schema ?? 'x', table].every((part) => identifierPattern.test(part));
  if (!isPlain || [table, schema ?? ''].some((part) => Buffer.byteLength(part) > maxNameBytes)) {
    throw new KatError('CONFIG_INVALID', `tablename ${JSON.stringify(text)} is not a valid table name`, {
      help: `Use letters, digits, underscores and dashes, at most ${maxNameBytes} bytes. A schema may precede the name: audit.migrations. If Go's Kat has created a table of this name, rename the table first.`,
    });
  }
  if (schema !== undefined && isSystemSchema(schema)) {
    throw new KatError(
      'CONFIG_INVALID',
      `tablename ${JSON.stringify(text)} is in a schema of PostgreSQL's own`,
      {
        help: 'Use another schema, such as `public` or one that you create for it.',
      },
    );
  }
  return { schema, table };
}

/** The table's name as SQL, with its schema where that is known. */
export function formatTableName(name: TableName): string {
  return [name.schema, name.table]
    .filter((part) => part !== undefined)
    .map(quoteIdentifier)
    .join('.');
}

/** The error for a table that Go's Kat has made of a name with a schema. */
export function dottedName(found: TableName): KatError {
  const table = formatTableName(found);
  const plain = found.table.replaceAll('.', '_');
  return new KatError('LEDGER_MISMATCH', `the name of the tracking table ${table} has a dot`, {
    help: `Go's Kat takes a schema in \`tablename\` for a part of the name. If this table has the project's history, rename it with \`ALTER TABLE ${table} RENAME TO ${quoteIdentifier(plain)}\`, and write \`tablename: ${plain}\`. With a new table, \`kat up\` applies every migration again.`,
  });
}

/** `migrations` is explained by `migrations_log`. A name without room for that is cut, and a hash keeps it apart from others. */
export function logNameOf(table: string): string {
  return nameBeside(table, '_log');
}

/** The table with the lease of a run, on servers whose advisory locks lock nothing. */
export function leaseNameOf(table: string): string {
  return nameBeside(table, '_lease');
}

function nameBeside(table: string, suffix: string): string {
  const name = `${table}${suffix}`;
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const ending = `_${createHash('sha256').update(table).digest('hex').slice(0, 8)}${suffix}`;
  return `${cutToBytes(table, maxNameBytes - ending.length)}${ending}`;
}

function cutToBytes(text: string, bytes: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join('');
  return cut;
}
