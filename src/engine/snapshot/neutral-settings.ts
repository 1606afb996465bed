/** Runs queries under settings that do not depend on the session. */

import type { Session, StatementResult } from '../../connections/driver.js';

/** Settings that change how PostgreSQL writes names and values, and which rows it shows. */
const settings: Readonly<Record<string, string>> = {
  // Only pg_catalog is visible, so everything else is written with its schema; temporary tables hide nothing.
  search_path: 'pg_catalog, pg_temp',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  lc_monetary: 'C',
  // A policy that would hide rows is an error.
  row_security: 'off',
};

const saved = 'kat.saved_settings';

const read = Object.keys(settings).map((name) => `'${name}', pg_catalog.current_setting('${name}')`);

const write = Object.entries(settings).map(
  ([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`,
);

/** A local setting lasts to the end of a message without BEGIN; in a transaction the last statements give it back. */
const before = [
  `SELECT pg_catalog.set_config('${saved}', pg_catalog.json_build_object(${read.join(', ')})::pg_catalog.text, true)`,
  `SELECT ${write.join(', ')}`,
];

const after = [
  `SELECT set_config(key, value, true) FROM json_each_text(current_setting('${saved}')::json)`,
  `SELECT pg_catalog.set_config('${saved}', '', true)`,
];

/**
 * Sends the statements as one message. Afterwards the session has the settings that it had.
 * @param statements that neither begin nor end a transaction, without backslashes in literals: the message is scanned before
 *   the settings apply.
 * @returns their results.
 * @throws SqlError
 */
export async function executeNeutrally(
  session: Session,
  statements: readonly string[],
): Promise<StatementResult[]> {
  const results = await session.execute([...before, ...statements, ...after].join(';\n'));
  return results.slice(before.length, before.length + statements.length);
}
