/** Projects that Go's Kat 0.2 has made go on here, and back: with what was recorded of it, and with the program itself where it is. */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { addAsGo, type GoProject, makeGoProject, places } from '../support/go-kat/project.js';
import {
  idsOfGoProject,
  makeFromRecording,
  makeWithGo,
  readColumns,
  readRows,
  record,
  recordingOf,
  writeRecordings,
} from '../support/go-kat/recording.js';
import { goKat } from '../support/go-kat/run.js';

if (goKat === undefined)
  console.log(
    "KAT_GO_KAT names no program of Go's Kat: the tests that run it are left out (`npm run test:go-kat`)",
  );

if (goKat !== undefined && process.env.KAT_RECORD === '1') await writeRecordings();

interface Refused {
  parents?: string;
  adds?: string;
  removes?: string;
}

/** Runs this Kat, which must succeed. @returns its stdout */
async function us(project: GoProject, args: string): Promise<string> {
  const { code, stdout, stderr } = await project.kat(args);
  expect([args, code, stderr]).toEqual([args, 0, '']);
  return stdout;
}

/** Runs Go's Kat, which must succeed. @returns its output */
async function go(project: GoProject, args: string): Promise<string> {
  const { code, output } = await project.go(args);
  expect([args, code, code === 0 ? '' : output]).toEqual([args, 0, '']);
  return output;
}

async function counts(project: GoProject) {
  return JSON.parse(await us(project, 'status --json')).counts;
}

/** The arrows of a graph in Graphviz's form, by timestamps. */
function arrows(dot: string): string[] {
  const found = dot.matchAll(/"(\d+)(?:_[^"]*)?" -> "(\d+)(?:_[^"]*)?"/g);
  return [...found].map(([, from, to]) => `${from} -> ${to}`).sort();
}

/** Rows that Go's Kat can read. */
function expectReadable({ place }: GoProject, rows: readonly (readonly string[])[]): void {
  const [time, duration] =
    place === 'SQLite'
      ? [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d$/, /^\d+(?:\.\d+)?(?:ms|µs|s)$/]
      : [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/, /^\d\d:\d\d:\d\d(?:\.\d+)?$/];
  for (const row of rows)
    expect(row.slice(2)).toEqual([expect.stringMatching(time), expect.stringMatching(duration)]);
}

describe.each(places)('what Go’s Kat has left, as it was recorded, on %s', (place) => {
  test('is read: what is applied, when, and after what', async () => {
    const project = await makeFromRecording(place);
    const status = JSON.parse(await us(project, 'status --json'));
    const { rows, graph } = recordingOf(place);
    expect(status.migrations.map(({ id }: { id: string }) => id)).toEqual(idsOfGoProject);
    for (const [index, [, id, time = '']] of rows.entries()) {
      const { state, appliedAt, durationMs, description } = status.migrations[index];
      expect([id, state]).toEqual([idsOfGoProject[index], 'applied']);
      expect(appliedAt.slice(0, 22)).toBe(time.replace(' ', 'T').slice(0, 22));
      expect(durationMs).toBeLessThan(1000);
      expect(description).toMatch(/^What \w+ is for$/);
    }
    expect(arrows(await us(project, 'export'))).toEqual(arrows(graph.join('\n')));
    expect(await us(project, 'validate')).toContain('5 migrations: no problems found');
    expect(await us(project, 'up')).toContain('No migration(s) to apply');
    expect(await readRows(project)).toEqual(rows);
  });

  test('goes back and forth, in rows and a table that stay as Go’s Kat makes them', async () => {
    const project = await makeFromRecording(place);
    const { columns } = recordingOf(place);
    await us(project, 'down --count 2');
    expect(await project.applied()).toEqual(idsOfGoProject.slice(0, 3));
    await us(project, 'up');
    const rows = await readRows(project);
    expect(rows.map(([, id]) => id)).toEqual(idsOfGoProject);
    expectReadable(project, rows);
    expect(await readColumns(project)).toEqual(columns);
    expect(await us(project, 'history --json')).toContain('"succeeded"');
    await us(project, 'down --count 5');
    expect(await project.applied()).toEqual([]);
    await us(project, 'up');
    expect(await counts(project)).toMatchObject({ applied: 5, pending: 0, changed: 0, missing: 0 });
  });

  test('gets new migrations in the form that Go’s Kat reads', async () => {
    const project = await makeFromRecording(place);
    await us(project, 'add by_kat');
    const [id = ''] = project.ids().filter((one) => one.endsWith('_by_kat'));
    const metadata = project.read(`migrations/${id}/metadata.yaml`).replace(/#.*/g, '');
    const timestamp = id.slice(0, -'_by_kat'.length);
    expect(metadata.trim().split(/\s+/).join(' ')).toBe(
      `name: by_kat timestamp: ${timestamp} parents: - 1679012349`,
    );
  });
});

describe.each(places)('in a project whose names Go’s Kat can read, on %s', (place) => {
  test('a new tracking table has the form of Go’s Kat', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'SELECT 1;' });
    await us(project, 'up');
    const types = (columns: readonly (readonly (string | null)[])[]) =>
      columns.map(([, type]) => type).slice(2);
    expect(types(await readColumns(project))).toEqual(types(recordingOf(place).columns));
    expectReadable(project, await readRows(project));
  });

  test('a row that is newer than the log is not explained by it', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' });
    await us(project, 'up');
    addAsGo(project, '10_a', { up: 'CREATE TABLE b (x int);', down: 'DROP TABLE b;' });
    expect(await counts(project)).toMatchObject({ changed: 1 });
    const soon = new Date(Date.now() + 5_000).toISOString().replace('T', ' ').replace('Z', '+00');
    const duration = place === 'SQLite' ? "'1.5ms'" : "interval '1 ms'";
    await project.query(`DELETE FROM migrations; DROP TABLE a; CREATE TABLE b (x int); CREATE TABLE a (x int);
      INSERT INTO migrations (name, migration_time, duration) VALUES ('10_a', '${soon}', ${duration})`);
    expect(await counts(project)).toMatchObject({ applied: 1, changed: 0 });
    expect(await us(project, 'validate')).toContain('no problems found');
    expect(await us(project, 'down')).not.toContain('edited');
    await project.query('SELECT * FROM a');
    await expect(project.query('SELECT * FROM b')).rejects.toThrow(/b/);
  });

  test('every command writes names as Go’s Kat reads them', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' });
    addAsGo(project, '11_b', { up: 'CREATE TABLE b (x int);', down: 'DROP TABLE b;', parents: [10] });
    addAsGo(project, '12_c', { up: 'CREATE TABLE c (x int);', down: 'DROP TABLE c;', parents: [10] });
    expect(await project.kat('merge --name joined')).toMatchObject({ code: 0 });
    await us(project, 'up');
    await project.query('CREATE TABLE extra (x int)');
    // Where the server is not of PGlite's version, stderr names the throwaway database.
    expect(await project.kat('drift --adopt adopted')).toMatchObject({ code: 0 });
    if (goKat !== undefined) expect(await go(project, 'up')).toContain('No migration(s) to apply.');
    if (place !== 'SQLite') await us(project, 'squash --to joined --yes --force');
    const names = project
      .ids()
      .map((id) => /^name: (.*)$/m.exec(project.read(`migrations/${id}/metadata.yaml`))?.[1]);
    expect(names).toEqual(project.ids().map((id) => id.slice(id.indexOf('_') + 1)));
  });

  test('an empty table is one that Go’s Kat has rolled back, whatever the log has', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' });
    await us(project, 'up');
    await project.query('DELETE FROM migrations');
    await project.query('DROP TABLE a');
    expect(await counts(project)).toMatchObject({ applied: 0, pending: 1 });
    await us(project, 'up');
    expect(await project.applied()).toEqual(['10_a']);
  });

  test('zeros before a timestamp are none for Go’s Kat: its row is recognised', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '0007_a', { up: 'CREATE TABLE a (x int);' });
    addAsGo(project, '10_b', { up: 'SELECT 1;' });
    await us(project, 'up');
    await project.query("UPDATE migrations SET name = '7_a' WHERE name = '0007_a'");
    expect((await project.kat('status')).stdout).toContain("recorded by Go's Kat for 0007_a");
    const up = await project.kat('up');
    expect([up.code, up.stderr]).toEqual([3, expect.stringContaining("Go's Kat has recorded 0007_a as 7_a")]);
    expect(up.stderr).toContain('kat stamp --only 0007_a');
    await us(project, 'stamp --only 0007_a --yes');
    await us(project, 'repair 7_a --drop-missing --yes');
    expect(await counts(project)).toMatchObject({ applied: 2, pending: 0, missing: 0 });
  });

  test('a folder of another name is to take the name that Go’s Kat has recorded', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_with space', { up: 'SELECT 1;' });
    await us(project, 'up');
    project.write(
      'migrations/10_with_space/metadata.yaml',
      project.read('migrations/10_with space/metadata.yaml'),
    );
    for (const file of ['up.sql', 'down.sql']) project.write(`migrations/10_with_space/${file}`, 'SELECT 1;');
    rmSync(join(project.folder, 'migrations', '10_with space'), { recursive: true });
    const { code, stderr } = await project.kat('up');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        "But if Go's Kat has applied it, rename the folder to `10_with space`, which it has recorded.",
      ),
    ]);
  });

  test('a table whose name has a dot is named, and no second history begins', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'SELECT 1;' });
    await us(project, 'up');
    await project.query('ALTER TABLE migrations RENAME TO "audit.migrations"');
    await project.query('DROP TABLE migrations_log');
    if (place !== 'SQLite') await project.query('CREATE SCHEMA audit');
    const configure = (tablename: string) =>
      project.write('kat.conf.yaml', `migration:\n  tablename: ${tablename}\n${project.databaseConfig}`);
    configure('audit.migrations');
    for (const command of ['up', 'status']) {
      const { code, stderr } = await project.kat(command);
      expect([code, stderr]).toEqual([2, expect.stringContaining('audit.migrations" has a dot')]);
      const [, sql = ''] = /rename it with `([^`]+)`/.exec(stderr) ?? [];
      if (command === 'status') await project.query(sql);
    }
    configure('audit_migrations');
    expect(await us(project, 'up')).toContain('No migration(s) to apply');
  });
});

/** What the page about Go's Kat tells people to run: a script for the names, and SQL for the tracking table. */
function commandsOfPage(): { script: string; alter: string } {
  const page = readFileSync('docs/from-go-kat.md', 'utf8');
  const [, script = ''] = /^```js names-for-go\.mjs\n(.*?)^```$/ms.exec(page) ?? [];
  const [alter = ''] = /ALTER TABLE history[^`]*/.exec(page) ?? [];
  return { script, alter: alter.replace('history', 'migrations') };
}

describe.each(places)('a project of this Kat, made ready for Go’s Kat as its page says, on %s', (place) => {
  test('has names and a tracking table that Go’s Kat reads', async () => {
    const project = await makeGoProject(place);
    for (const name of ['first', 'second']) await us(project, `add ${name}`);
    const [first = '', second = ''] = project.ids();
    project.write(`migrations/${first}/up.sql`, 'CREATE TABLE a (x int);');
    project.write(`migrations/${second}/up.sql`, 'CREATE TABLE b (x int);');
    await us(project, 'up --count 1');
    const { script, alter } = commandsOfPage();
    if (place !== 'SQLite') await project.query(alter);
    project.write('names.mjs', script);
    expect(spawnSync(process.execPath, ['names.mjs'], { cwd: project.folder }).status).toBe(0);
    if (goKat !== undefined) {
      expect(await go(project, 'up')).toContain('Total: 1 migration(s) applied.');
      expect(await project.applied()).toEqual([first, second]);
      await go(project, 'down -n 1');
      await project.query('DROP TABLE b');
    }
    await us(project, 'up');
    expect(await project.applied()).toEqual([first, second]);
    expectReadable(project, await readRows(project));
    expect(await us(project, 'validate')).toContain('2 migrations: no problems found');
    expect(project.read(`migrations/${first}/metadata.yaml`)).toContain('\nname: first\n');
    const defaults = (await readColumns(project)).map((column) => column[3]).slice(1);
    expect(defaults).toEqual(
      recordingOf(place)
        .columns.map((column) => column[3])
        .slice(1),
    );
  });
});

test('long flags may have one dash, as in Go’s Kat', async () => {
  const project = await makeGoProject('SQLite');
  for (const id of ['10_a', '11_b', '12_c']) addAsGo(project, id, { up: 'SELECT 1;' });
  const env = { KAT_CONFIG_FILE: 'nowhere.yaml' };
  expect(await project.kat('up -config kat.conf.yaml -count 2', { env })).toMatchObject({ code: 0 });
  expect((await project.kat('up -dry-run')).stdout).toContain('DRY RUN: Validated 1 migrations');
  expect((await project.kat('-verbose ping -retry-count=1 -retry-delay 100')).stdout).toContain(
    'server version',
  );
  expect(await project.kat('down -count=1 -dry-run=false')).toMatchObject({ code: 0 });
  expect(await project.applied()).toEqual(['10_a']);
  expect(await project.kat('export -file graph.dot')).toMatchObject({ code: 0 });
  expect(project.read('graph.dot')).toContain('digraph');
  expect(await project.kat(['add', 'more', '-description', 'Why'])).toMatchObject({ code: 0 });
});

describe.each(goKat === undefined ? [] : places)('with Go’s Kat itself, on %s', (place) => {
  test('the recording is what it makes', async () => {
    const withoutTimes = ({ rows, ...recording }: ReturnType<typeof recordingOf>) => ({
      ...recording,
      rows: rows.map(([id, name]) => [id, name]),
    });
    expect(withoutTimes(await record(await makeWithGo(place)))).toEqual(withoutTimes(recordingOf(place)));
  });

  test('both work in turn on what Go’s Kat has begun', async () => {
    const project = await makeWithGo(place);
    const columns = await readColumns(project);
    const [, , , , last = ''] = project.ids();
    expect(await counts(project)).toMatchObject({ applied: 5, pending: 0 });
    await us(project, 'down');
    expect(await go(project, 'up')).toContain('Total: 1 migration(s) applied.');
    await us(project, 'add by_kat');
    const [byKat = ''] = project.ids().filter((id) => id.endsWith('_by_kat'));
    project.write(`migrations/${byKat}/up.sql`, 'CREATE TABLE by_kat (x int);');
    project.write(`migrations/${byKat}/down.sql`, 'DROP TABLE by_kat;');
    expect(arrows(await go(project, 'export'))).toEqual(arrows(await us(project, 'export')));
    await go(project, 'up');
    expect((await project.applied()).slice(-2)).toEqual([last, byKat]);
    expect(await us(project, 'validate')).toContain('6 migrations: no problems found');
    await us(project, 'down --count 2');
    expect(await go(project, 'up -n 1')).toContain('Total: 1 migration(s) applied.');
    await us(project, 'up');
    await go(project, 'down -n 2');
    expect(await us(project, 'up --dry-run')).toContain(`${byKat} [DRY RUN]`);
    await us(project, 'sync');
    // Go's Kat takes the second in which it runs, whether another migration has it or not.
    await sleep((Number.parseInt(byKat, 10) + 1) * 1000 - Date.now());
    await go(project, 'add by_go');
    const [byGo = ''] = project.ids().filter((id) => id.endsWith('_by_go'));
    expect(project.read(`migrations/${byGo}/metadata.yaml`)).toContain(
      `parents: [${byKat.slice(0, byKat.indexOf('_'))}]`,
    );
    project.write(`migrations/${byGo}/up.sql`, 'CREATE TABLE by_go (x int);\nSELECT nothing FROM nowhere;');
    project.write(`migrations/${byGo}/down.sql`, 'DROP TABLE by_go;');
    expect(await project.kat('up')).toMatchObject({ code: 1 });
    expect(await project.go('up')).toMatchObject({ code: 1 });
    project.write(`migrations/${byGo}/up.sql`, 'CREATE TABLE by_go (x int);');
    await us(project, 'up');
    expect(await go(project, 'up')).toContain('No migration(s) to apply.');
    await us(project, `redo ${byGo} --yes`);
    await go(project, 'down -n 100');
    expect(await counts(project)).toMatchObject({ applied: 0, pending: 7 });
    await us(project, 'up');
    expect(await readColumns(project)).toEqual(columns);
    expect(await counts(project)).toMatchObject({
      applied: 7,
      pending: 0,
      changed: 0,
      missing: 0,
      unordered: 0,
    });
  });

  test('Go’s Kat goes on with what this one has begun', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' });
    addAsGo(project, '11_b', { up: 'CREATE TABLE b (x int);', down: 'DROP TABLE b;', parents: [10] });
    addAsGo(project, '12_c', { up: 'CREATE TABLE c (x int);', down: 'DROP TABLE c;', parents: [10, 11] });
    await us(project, 'up --count 1');
    expect(await go(project, 'up')).toContain('Total: 2 migration(s) applied.');
    await us(project, 'down');
    await go(project, 'down');
    expect(await project.applied()).toEqual(['10_a']);
    await go(project, 'up -n 1');
    await us(project, 'up');
    await go(project, 'down -n 3');
    expect(await counts(project)).toMatchObject({ applied: 0, pending: 3 });
  });

  test('what it has applied in another text since goes back by that text', async () => {
    const project = await makeGoProject(place);
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' });
    await us(project, 'up');
    await go(project, 'down');
    addAsGo(project, '10_a', { up: 'CREATE TABLE b (x int);', down: 'DROP TABLE b;' });
    await go(project, 'up');
    expect(await counts(project)).toMatchObject({ applied: 1, changed: 0 });
    await us(project, 'down');
    await go(project, 'up');
    await us(project, 'down');
  });

  test('what it has run again under a doubled name is recognised', async () => {
    const project = await makeGoProject(place);
    await us(project, 'add first');
    const [id = ''] = project.ids();
    const doubled = `${id.slice(0, id.indexOf('_'))}_${id}`;
    project.write(`migrations/${id}/up.sql`, 'CREATE TABLE IF NOT EXISTS a (x int);');
    await go(project, 'up');
    expect(await project.applied()).toEqual([doubled]);
    const up = await project.kat('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining(`Go's Kat has recorded ${id} as ${doubled}`),
    ]);
    await us(project, `stamp --only ${id} --yes`);
    await us(project, `repair ${doubled} --drop-missing --yes`);
    const metadata = `migrations/${id}/metadata.yaml`;
    project.write(metadata, project.read(metadata).replace(/^name: \d+_/m, 'name: '));
    expect(await go(project, 'up')).toContain('No migration(s) to apply.');
    expect(await us(project, 'up')).toContain('No migration(s) to apply');
  });

  test.each([
    ['parents by id', { parents: '[10_a]' }],
    ['parents by name', { parents: '[a]' }],
    ['a parent whose folder’s name sorts behind', { parents: '[9]' }],
    ['a migration without down.sql', { removes: 'migrations/11_b/down.sql' }],
    ['a folder that is no migration', { adds: 'migrations/notes/text.md' }],
    ['a hidden folder', { adds: 'migrations/.notes/text.md' }],
  ])('it refuses %s', async (_what, { parents, adds, removes }: Refused) => {
    const project = await makeGoProject(place);
    for (const id of ['9_z', '10_a', '11_b']) addAsGo(project, id, { up: 'SELECT 1;' });
    if (parents)
      project.write('migrations/11_b/metadata.yaml', `name: b\ntimestamp: 11\nparents: ${parents}\n`);
    if (removes) rmSync(join(project.folder, removes));
    if (adds) project.write(adds, 'notes\n');
    expect(await project.go('up')).toMatchObject({ code: 1 });
    expect(await project.kat('up')).toMatchObject({ code: 0 });
    expect(await project.applied()).toHaveLength(3);
  });
});

if (goKat !== undefined) {
  test('a path with parameters is another file for this Kat, and is refused', async () => {
    const project = await makeGoProject('SQLite');
    addAsGo(project, '10_a', { up: 'CREATE TABLE a (x int);' });
    project.write('kat.conf.yaml', 'database:\n  driver: sqlite\n  path: app.db?_pragma=foreign_keys(1)\n');
    await go(project, 'up');
    expect(await project.applied()).toEqual(['10_a']);
    const { code, stderr } = await project.kat('up');
    expect([code, stderr]).toEqual([2, expect.stringContaining('has parameters, which have no effect')]);
  });
}
