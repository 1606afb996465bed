/** Executes one statement of a migration that may rebuild tables. */

import type { Session } from '../../../connections/driver.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { renameOf } from '../../plan/sqlite/statement-names.js';
import { readPragma } from './read-pragma.js';

/**
 * RENAME of a rebuilt table leaves views, triggers and references of other tables as they are: they mean the table that takes
 * its place. Without `legacy_alter_table`, SQLite rewrites them, or fails because they name a missing table
 * (https://www.sqlite.org/pragma.html#pragma_legacy_alter_table).
 * @param rebuilt in lower case. @throws what the session throws.
 */
export async function executeStatement(
  session: Session,
  { text, head }: SqliteStatement,
  rebuilt: readonly string[],
): Promise<void> {
  const isOfRebuilt = renameOf(head).some(({ from, to }) => rebuilt.includes(from) || rebuilt.includes(to));
  const legacy = isOfRebuilt ? await readPragma(session, 'legacy_alter_table') : '1';
  if (legacy === '1') {
    await session.execute(text, undefined, 0);
    return;
  }
  await session.execute('PRAGMA legacy_alter_table = ON');
  try {
    await session.execute(text, undefined, 0);
  } finally {
    await session.execute('PRAGMA legacy_alter_table = OFF');
  }
}
