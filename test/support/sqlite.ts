/** SQLite databases of tests: looked into by a session of their own, beside the one that is tested. */

import { join } from 'node:path';
import type { Session } from '../../src/connections/driver.js';
import { openDriver } from '../../src/connections/open-connection.js';
import { makeProject, type Project, type ProjectSource } from './kat-project.js';

/** Does some work with a session on this file, and closes it. */
export async function withSqlite<T>(path: string, work: (session: Session) => Promise<T>): Promise<T> {
  const driver = await openDriver({ driver: 'sqlite', path });
  const session = await driver.open('kat test');
  try {
    return await work(session);
  } finally {
    await session.close();
    await driver.close();
  }
}

export interface SqliteProject extends Project {
  /** The database's file. */
  database: string;
  /** The rows of the last statement, each as an array of its values. */
  query(sql: string): Promise<(string | null)[][]>;
  /** What the tracking table says, oldest first. */
  applied(): Promise<string[]>;
}

/** Makes a project on a SQLite file of its own. */
export function makeSqliteProject(source: ProjectSource = {}): SqliteProject {
  const project = makeProject({
    config: 'database:\n  driver: sqlite\n  path: app.db\n',
    migrations: {},
    ...source,
  });
  const database = join(project.folder, 'app.db');
  const query = (sql: string) =>
    withSqlite(database, async (session) =>
      ((await session.execute(sql)).at(-1)?.rows ?? []).map((row) => Object.values(row)),
    );
  const applied = async () =>
    (await query('SELECT name FROM migrations ORDER BY id')).map(([name]) => String(name));
  return { ...project, database, query, applied };
}
