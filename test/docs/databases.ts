/** Gives a page the database that it is for. */

import { freshDatabase, majors } from '../support/database.js';
import type { Database } from './markdown.js';
import type { WorkshopOptions } from './workshop.js';

/** PGlite comes with the project; a page for PostgreSQL gets an empty database of the newest server, dropped afterwards. */
export async function onDatabase(
  database: Database,
  action: (options: Pick<WorkshopOptions, 'server'>) => Promise<void>,
): Promise<void> {
  if (database === 'pglite') return action({});
  const server = await freshDatabase(majors().at(-1) as number);
  try {
    await action({ server: { port: server.port, name: server.name } });
  } finally {
    await server.drop();
  }
}
