/** Drops test databases that nobody uses any more. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier } from '../../quote.js';
import { markedDatabases, now } from './marks.js';
import { templatePattern, tryTemplateLock, unlockTemplate } from './template-lock.js';

const clonePattern = '^kat_test_[0-9a-f]{8}_[0-9]+$';

/** How long a database of a failed test is kept, and a template that no run uses, in seconds. */
const [keptSeconds, unusedSeconds] = [24 * 3600, 7 * 24 * 3600];

/** A clone is in use as long as a session is connected to it, or the session that created it is there. */
const clones = `SELECT name FROM (${markedDatabases}) d
WHERE name ~ '${clonePattern}' AND coalesce(since, 0) < ${now} - ${keptSeconds}
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid
                  OR a.application_name = pg_catalog.substring(d.name, '^kat_test_[0-9a-f]{8}'))`;

/** A template that takes connections is being built, or its builder was killed. */
const templates = `SELECT name FROM (${markedDatabases}) d
WHERE name ~ '${templatePattern}' AND (is_open OR since < ${now} - ${unusedSeconds})`;

/** Never throws for a database that another run drops meanwhile, or that cannot be dropped. */
export async function sweepTestDatabases(session: Session): Promise<void> {
  for (const name of await readNames(session, clones)) await tryToDrop(session, name);
  for (const name of await readNames(session, templates)) {
    if (!(await tryTemplateLock(session, name))) continue;
    await tryToDrop(session, name);
    await unlockTemplate(session, name);
  }
}

async function readNames(session: Session, query: string): Promise<string[]> {
  const [found] = await session.execute(query);
  return (found?.rows ?? []).flatMap(({ name }) => name ?? []);
}

async function tryToDrop(session: Session, name: string): Promise<void> {
  await session.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`).catch(() => undefined);
}
