/** Runs queries under settings of their own, and gives the session back those that it had. */

import type { Session, StatementResult } from '../../connections/driver.js';

/** Statements that go before and behind others in one message. */
interface LocalSettings {
  before: readonly string[];
  after: readonly string[];
}

/**
 * A local setting lasts to the end of a message without BEGIN; in a transaction the last statements give it back.
 * @param saved the name of a setting that keeps the former values meanwhile, such as `kat.saved_settings`.
 * @param settings their values by their names; `search_path` must be among them, and begin with `pg_catalog`.
 */
export function localSettings(saved: string, settings: Readonly<Record<string, string>>): LocalSettings {
  const read = Object.keys(settings).map((name) => `'${name}', pg_catalog.current_setting('${name}')`);
  const write = Object.entries(settings).map(
    ([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`,
  );
  return {
    before: [
      `SELECT pg_catalog.set_config('${saved}', pg_catalog.json_build_object(${read.join(', ')})::pg_catalog.text, true)`,
      `SELECT ${write.join(', ')}`,
    ],
    after: [
      `SELECT set_config(key, value, true) FROM json_each_text(current_setting('${saved}')::json)`,
      `SELECT pg_catalog.set_config('${saved}', '', true)`,
    ],
  };
}

/**
 * Sends the statements as one message.
 * @param statements that neither begin nor end a transaction, without backslashes in literals: the message is scanned before
 *   the settings apply.
 * @returns their results.
 * @throws SqlError
 */
export async function executeUnder(
  session: Session,
  { before, after }: LocalSettings,
  statements: readonly string[],
): Promise<StatementResult[]> {
  const results = await session.execute([...before, ...statements, ...after].join(';\n'));
  return results.slice(before.length, before.length + statements.length);
}
