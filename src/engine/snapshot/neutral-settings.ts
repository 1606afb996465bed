/** Runs queries under settings that do not depend on the session. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { executeUnder, localSettings } from '../ledger/local-settings.js';

/** Settings that change how PostgreSQL writes names and values, which rows it shows, and how long it waits for locks. */
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
  // A reader that waits keeps its locks on other tables, and whoever changes these waits for it.
  lock_timeout: '5000',
};

const neutral = localSettings('kat.saved_settings', settings);

/**
 * Sends the statements as one message. Afterwards the session has the settings that it had.
 * @param statements as `executeUnder` takes them.
 * @returns their results.
 * @throws SqlError, also when another session locks a table against readers for five seconds.
 */
export function executeNeutrally(
  session: Session,
  statements: readonly string[],
): Promise<StatementResult[]> {
  return executeUnder(session, neutral, statements);
}
