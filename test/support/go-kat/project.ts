/** Projects that Go's Kat and this one work on in turn: on a PostgreSQL server, or on a SQLite file. */

import { commandMajors } from '../database.js';
import { type Project, projectOn } from '../kat-project.js';
import { makeSqliteProject } from '../sqlite.js';
import { type GoRun, runGoKat } from './run.js';

/** A major of PostgreSQL, or `SQLite`. */
export type Place = number | 'SQLite';

export const places: readonly Place[] = [...commandMajors(), 'SQLite'];

export interface GoProject extends Project {
  place: Place;
  /** Runs Go's Kat in the project; only where `goKat` is there. */
  go(args: string | readonly string[], env?: Readonly<Record<string, string>>): Promise<GoRun>;
  /** The section `database` of its kat.conf.yaml. */
  databaseConfig: string;
  /** The flags by which `kat init` names the database. */
  initFlags: readonly string[];
  /** The rows of the last statement, each as an array of its values as text. */
  query(sql: string): Promise<(string | null)[][]>;
  /** What the tracking table says, oldest first. */
  applied(): Promise<string[]>;
}

/** Writes a migration as Go's Kat does: a name without the timestamp, and parents by timestamp. */
export function addAsGo(
  project: Pick<Project, 'write'>,
  id: string,
  {
    up,
    down = 'SELECT 1;',
    parents = [],
    more = '',
  }: { up: string; down?: string; parents?: readonly number[]; more?: string },
): void {
  const [timestamp, name] = [id.slice(0, id.indexOf('_')), id.slice(id.indexOf('_') + 1)];
  const list = parents.length > 0 ? `parents: [${parents.join(', ')}]\n` : '';
  project.write(`migrations/${id}/metadata.yaml`, `name: ${name}\ntimestamp: ${timestamp}\n${list}${more}`);
  project.write(`migrations/${id}/up.sql`, `${up}\n`);
  project.write(`migrations/${id}/down.sql`, `${down}\n`);
}

/** Makes a project whose configuration names the database, and nothing else. */
export async function makeGoProject(place: Place): Promise<GoProject> {
  const project = place === 'SQLite' ? sqliteProject() : await postgresProject(place);
  project.write('kat.conf.yaml', project.databaseConfig);
  return {
    ...project,
    place,
    go: (args, env) => runGoKat(project, args, env),
    applied: async () =>
      (await project.query('SELECT name FROM migrations ORDER BY id')).map(([name]) => name ?? ''),
  };
}

function sqliteProject() {
  const project = makeSqliteProject();
  return {
    ...project,
    databaseConfig: 'database:\n  driver: sqlite\n  path: app.db\n',
    initFlags: ['--driver', 'sqlite', '--path', 'app.db'],
  };
}

async function postgresProject(major: number) {
  const project = await projectOn(major);
  const { url } = project.database;
  return {
    ...project,
    databaseConfig: `database:\n  url: ${url}\n`,
    initFlags: ['--databaseURL', url],
    query: async (sql: string) =>
      (await project.database.query(sql)).map((row) => Object.values(row).map(textOf)),
  };
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value);
}
