/** Takes from a connection what a session has left on it: a database in memory cannot be opened a second time. */

import { quoteIdentifier } from '../../quote.js';
import type { SqliteConnection } from './binding.js';

/** The settings of a connection that decide what SQL means (https://www.sqlite.org/pragma.html). */
const names = [
  ...['foreign_keys', 'ignore_check_constraints', 'legacy_alter_table', 'recursive_triggers'],
  ...['query_only', 'trusted_schema', 'writable_schema', 'reverse_unordered_selects', 'automatic_index'],
  ...['full_column_names', 'short_column_names', 'cell_size_check', 'max_page_count'],
];

/** The values of these settings. */
export type PragmaValues = ReadonlyMap<string, string>;

export function readSettings(connection: SqliteConnection): PragmaValues {
  return new Map(names.map((name) => [name, readPragma(connection, name)]));
}

/**
 * Ends a transaction, and undoes settings, temporary objects and attached databases.
 * @param settings of the connection when it was new.
 * @throws SqliteFailure
 */
export function cleanConnection(connection: SqliteConnection, settings: PragmaValues): void {
  connection.rollBack();
  for (const [name, value] of settings)
    if (readPragma(connection, name) !== value) connection.run(`PRAGMA ${name} = ${value}`, 0);
  // This one cannot be read.
  connection.run('PRAGMA case_sensitive_like = OFF', 0);
  // A change of where temporary objects are kept deletes all of them (https://www.sqlite.org/pragma.html#pragma_temp_store).
  for (const place of ['FILE', 'MEMORY', 'DEFAULT']) connection.run(`PRAGMA temp_store = ${place}`, 0);
  for (const { name } of connection.run('PRAGMA database_list', Infinity))
    if (name !== 'main' && name !== 'temp') connection.run(`DETACH ${quoteIdentifier(String(name))}`, 0);
}

function readPragma(connection: SqliteConnection, name: string): string {
  return String(Object.values(connection.run(`PRAGMA ${name}`, 1)[0] ?? {})[0]);
}
