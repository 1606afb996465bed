/** The name of the tracking table: what may be configured, and how it is written in SQL. */

import { KatError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { isSystemSchema } from '../../sql/postgres/system-schemas.js';

export interface TableName {
  /** Undefined means the first schema of the session's search path. */
  schema: string | undefined;
  table: string;
}

const identifierPattern = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

/** PostgreSQL cuts identifiers off at 63 bytes (NAMEDATALEN - 1); `_log` needs four of them. */
const maxTableBytes = 59;

/**
 * Reads `migrations` or `audit.migrations`. Upper and lower case are kept, as in a quoted identifier.
 * @throws KatError CONFIG_INVALID for anything but one or two plain identifiers.
 */
export function parseTableName(text: string): TableName {
  const parts = text.split('.');
  const table = parts.pop() ?? '';
  const schema = parts.pop();
  const isPlain = parts.length === 0 && [schema ?? 'x', table].every((part) => identifierPattern.test(part));
  if (!isPlain || Buffer.byteLength(table) > maxTableBytes || Buffer.byteLength(schema ?? '') > 63) {
    throw new KatError('CONFIG_INVALID', `tablename ${JSON.stringify(text)} is not a valid table name`, {
      help: `Use letters, digits and underscores, at most ${maxTableBytes} bytes. A schema may precede the name: audit.migrations.`,
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

/** `migrations` is explained by `migrations_log`. */
export function logNameOf(table: string): string {
  return `${table}_log`;
}
