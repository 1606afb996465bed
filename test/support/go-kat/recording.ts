/**
 * What Go's Kat 0.2.0 has made of a small project, as `npm run test:go-kat -- --record` has recorded it: the files without their
 * comments, and the tracking table. So tests know it where the program is not.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GoProject, makeGoProject, type Place, places } from './project.js';

export interface Recording {
  /** By path relative to the project, without SQL, which is this project's own. */
  files: Readonly<Record<string, string>>;
  /** As of `readColumns`. */
  columns: readonly (readonly (string | null)[])[];
  /** As of `readRows`. */
  rows: readonly (readonly string[])[];
  /** The lines of `kat export` that have content. */
  graph: readonly string[];
}

/** The SQL of its migrations, by name, in the order in which they are added: up, and back. */
const sqlOfGoProject = {
  create_users: ['CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);', 'DROP TABLE users;'],
  create_posts: [
    "BEGIN;\nCREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users, title TEXT DEFAULT '100% %s');\nCOMMIT;",
    'DROP TABLE posts;',
  ],
  create_tags: [
    'CREATE TABLE tags (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES users);',
    'DROP TABLE tags;',
  ],
  tag_posts: [
    'CREATE TABLE post_tags (post INTEGER REFERENCES posts, tag INTEGER);',
    'DROP TABLE post_tags;',
  ],
  count_posts: ['CREATE VIEW post_count AS SELECT count(*) AS posts FROM posts;', 'DROP VIEW post_count;'],
} as const;

type Name = keyof typeof sqlOfGoProject;

const names = Object.keys(sqlOfGoProject) as Name[];

/** The ids of the recording: those that Go's Kat gave were taken from the clock. */
export const idsOfGoProject: readonly string[] = names.map((name, index) => `${1679012345 + index}_${name}`);

/** Of the database, in the recorded configuration. */
const placeholder = '{database}';

/** Kept beside this file. @returns by the kind of database */
function readRecordings(): { version: string; postgres: Recording; sqlite: Recording } {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function recordingOf(place: Place): Recording {
  const { postgres, sqlite } = readRecordings();
  return place === 'SQLite' ? sqlite : postgres;
}

const path = join(import.meta.dirname, 'recorded.json');

/** Runs Go's Kat, and keeps what it makes. */
export async function writeRecordings(): Promise<void> {
  const [major = 18] = places;
  const recordings = {
    version: '0.2.0',
    postgres: await record(await makeWithGo(major)),
    sqlite: await record(await makeWithGo('SQLite')),
  };
  writeFileSync(path, `${JSON.stringify(recordings, null, 2)}\n`);
}

/** Lets Go's Kat make the project: posts and tags are of two branches, the last migration has failed once, and once gone back. */
export async function makeWithGo(place: Place): Promise<GoProject> {
  const project = await makeGoProject(place);
  rmSync(join(project.folder, 'kat.conf.yaml'));
  await expectDone(project, ['init', ...project.initFlags]);
  for (const name of names) await addWithGo(project, name);
  const [users, posts, tags, both, last] = project.ids();
  setParents(project, tags, [users]);
  setParents(project, both, [posts, tags]);
  await expectDone(project, 'up -n 2');
  const up = `migrations/${last}/up.sql`;
  const sql = project.read(up);
  project.write(up, `${sql}\nSELECT nothing FROM nowhere;`);
  const failed = await project.go('up');
  if (failed.code !== 1) throw new Error(failed.output);
  project.write(up, sql);
  for (const args of ['up', 'down', 'up']) await expectDone(project, args);
  return project;
}

function setParents(
  project: GoProject,
  id: string | undefined,
  parents: readonly (string | undefined)[],
): void {
  const file = `migrations/${id}/metadata.yaml`;
  const text = project.read(file).replace(/parents: .*/, `parents: [${parents.map(timestampOf).join(', ')}]`);
  project.write(file, text);
}

/** Adds a migration of the project, whose timestamp must be another one than that of the last. */
async function addWithGo(project: GoProject, name: Name): Promise<void> {
  await sleep(1000);
  await expectDone(project, ['add', '-d', `What ${name} is for`, name.replace('_', ' ').toUpperCase()]);
  const [up, down] = sqlOfGoProject[name];
  const id = project.ids().find((one) => one.endsWith(`_${name}`));
  project.write(`migrations/${id}/up.sql`, up);
  project.write(`migrations/${id}/down.sql`, down);
}

async function expectDone(project: GoProject, args: string | readonly string[]): Promise<void> {
  const { code, output } = await project.go(args);
  if (code !== 0) throw new Error(`${args}: ${output}`);
}

/** What there is of a project of Go's Kat, with the ids of the recording. */
export async function record(project: GoProject): Promise<Recording> {
  const ids = project.ids();
  const rename = (text: string) =>
    ids.reduce((so, id, index) => so.replaceAll(timestampOf(id), timestampOf(idsOfGoProject[index])), text);
  const files = ['kat.conf.yaml', ...ids.map((id) => `migrations/${id}/metadata.yaml`)];
  const database = project.initFlags.at(-1) ?? '';
  const { output } = await project.go('export');
  return {
    files: Object.fromEntries(
      files.map((file) => [
        rename(file),
        rename(withoutComments(project.read(file))).replace(database, placeholder),
      ]),
    ),
    columns: await readColumns(project),
    rows: (await readRows(project)).map((row) =>
      row.map((value) => rename(value).replace(/^\d{4}-\d\d-\d\d/, day)),
    ),
    graph: rename(output)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .sort(),
  };
}

function timestampOf(id = ''): string {
  return id.slice(0, id.indexOf('_'));
}

function withoutComments(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s+)#.*/, ''));
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** The day of the recording, wherever the clock was. */
const day = '2025-03-01';

/** The tracking table as text: id, name, time and duration. */
export async function readRows({ query }: Pick<GoProject, 'query'>): Promise<string[][]> {
  const columns = ['id', 'name', 'migration_time', 'duration'].map(
    (name) => `CAST(${name} AS TEXT) AS ${name}`,
  );
  const rows = await query(`SELECT ${columns.join(', ')} FROM migrations ORDER BY migrations.id`);
  return rows.map((row) => row.map(String));
}

/** The form of the tracking table: name, type, whether it may be NULL, and default or identity. */
export async function readColumns({ place, query }: GoProject): Promise<Recording['columns']> {
  return place === 'SQLite'
    ? query(`SELECT c.name, c.type, CASE WHEN c."notnull" OR c.pk THEN 'NO' ELSE 'YES' END,
        CASE WHEN c.pk AND m.sql LIKE '%AUTOINCREMENT%' THEN 'AUTOINCREMENT' ELSE c.dflt_value END
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.name = 'migrations'`)
    : query(`SELECT column_name, data_type, is_nullable,
        CASE is_identity WHEN 'YES' THEN 'IDENTITY' ELSE column_default END
        FROM information_schema.columns WHERE table_name = 'migrations' ORDER BY ordinal_position`);
}

/** The project as Go's Kat has left it, made of its recording. */
export async function makeFromRecording(place: Place): Promise<GoProject> {
  const project = await makeGoProject(place);
  const { files, columns, rows } = recordingOf(place);
  for (const [file, text] of Object.entries(files))
    project.write(file, text.replace(placeholder, project.initFlags.at(-1) ?? ''));
  for (const id of idsOfGoProject) {
    const [up, down] = sqlOfGoProject[id.slice(id.indexOf('_') + 1) as Name];
    project.write(`migrations/${id}/up.sql`, up);
    project.write(`migrations/${id}/down.sql`, down);
    await project.query(up.replace(/^BEGIN;|COMMIT;$/g, ''));
  }
  await project.query(`CREATE TABLE "migrations" (${columns.map(columnSql).join(', ')})`);
  const values = rows.map((row) => `(${row.map((value) => `'${value}'`).join(', ')})`).join(', ');
  const own = place === 'SQLite' ? '' : 'OVERRIDING SYSTEM VALUE';
  await project.query(`INSERT INTO migrations (id, name, migration_time, duration) ${own} VALUES ${values}`);
  if (place !== 'SQLite') await project.query('ALTER TABLE migrations ALTER id RESTART WITH 100');
  return project;
}

function columnSql([name, type, isNullable, rest]: readonly (string | null)[]): string {
  const nulls = isNullable === 'NO' ? 'NOT NULL' : '';
  if (rest === 'AUTOINCREMENT') return `${name} ${type} PRIMARY KEY AUTOINCREMENT`;
  if (rest === 'IDENTITY') return `${name} ${type} GENERATED ALWAYS AS IDENTITY PRIMARY KEY`;
  return `${name} ${type} ${nulls} ${rest ? `DEFAULT (${rest})` : ''}`;
}
