/** `kat.lint` with `fix`: what it does to the folder of migrations, and that the result runs. */

import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const newest = commandMajors().at(-1) as number;
const users = { up: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);', down: 'DROP TABLE users;' };
const work = {
  up: "CREATE TABLE tags (id bigint PRIMARY KEY);\nCREATE INDEX users_email ON users (email);\nALTER TABLE users ADD CHECK (email <> '');\n",
  down: 'ALTER TABLE users DROP CONSTRAINT users_email_check;\nDROP INDEX users_email;\nDROP TABLE tags;\n',
  parents: [1],
};
const child = {
  up: 'ALTER TABLE tags ADD COLUMN name text;',
  down: 'ALTER TABLE tags DROP COLUMN name;',
  parents: [2],
};
const migrations = { '1_users': users, '2_work': work, '3_child': child };
const waits = 'name: work\ntimestamp: 2\nparents: [1]\nlock_timeout: 1500ms # not longer\nretry_for: 0\n';

test('parts follow each other, children the last, and all of it goes up, down and up', async () => {
  const project = await projectOn(newest, {
    migrations,
    files: { 'migrations/2_work/metadata.yaml': waits },
  });
  const { kat } = openKat(project);
  await kat.up({ count: 1 });
  const before = project.ids();
  const { fixes = [], isValid, migrations: linted } = await kat.lint({ pending: true, fix: true });
  expect(isValid).toBe(true);
  expect(fixes.map(({ id, rules }) => [id, [...rules].sort()])).toEqual([
    ['2_work', ['add-check-validated', 'create-index-not-concurrent']],
  ]);
  const parts = fixes[0]?.parts ?? [];
  expect(
    parts.map(({ id, label, noTransaction }) => [id?.replace(/^\d+_/, ''), label, noTransaction]),
  ).toEqual([
    ['work', undefined, false],
    ['work_concurrently', 'concurrently', true],
    ['work_continued', 'continued', false],
    ['work_validate', 'validate', false],
  ]);
  const added = parts.slice(1).map(({ id }) => id as string);
  expect(project.ids().sort()).toEqual([...before, ...added].sort());
  expect(linted).toEqual(['2_work', ...added, '3_child']);
  for (const [index, id] of added.entries()) {
    const metadata = project.read(`migrations/${id}/metadata.yaml`);
    const parent = index === 0 ? '2' : added[index - 1]?.split('_')[0];
    expect(metadata).toContain(`  - ${parent} # `);
    expect(metadata).toMatch(/^lock_timeout: 1500ms\nretry_for: 0ms\n/m);
  }
  expect(project.read('migrations/3_child/metadata.yaml')).toContain(added.at(-1)?.split('_')[0]);
  expect(project.read('migrations/2_work/metadata.yaml')).toBe(waits);
  await kat.up();
  expect(await indexes()).toEqual(['users_email true']);
  await kat.down({ count: 5 });
  expect(await project.applied()).toEqual(['1_users']);
  expect(await indexes()).toEqual([]);
  await kat.up();
  expect((await project.applied()).length).toBe(6);

  async function indexes() {
    const rows = await project.database.query(
      "SELECT indexrelid::regclass || ' ' || indisvalid AS fact FROM pg_index WHERE NOT indisprimary AND indrelid = 'users'::regclass",
    );
    return rows.map(({ fact }) => fact);
  }
});

test('a dry run says the same and writes nothing', async () => {
  const project = makeProject({ migrations });
  const before = project.snapshot();
  const {
    fixes = [],
    isValid,
    findings,
  } = await openKat(project).kat.lint({ of: ['work'], fix: true, dryRun: true });
  expect(project.snapshot()).toEqual(before);
  expect([isValid, findings.length > 0]).toEqual([false, true]);
  expect(fixes[0]?.parts.map(({ id, up }) => [id, up])).toEqual([
    ['2_work', 'CREATE TABLE tags (id bigint PRIMARY KEY);\n'],
    [undefined, 'CREATE INDEX CONCURRENTLY users_email ON users (email);\n'],
    [undefined, "ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (email <> '') NOT VALID;\n"],
    [undefined, 'ALTER TABLE users VALIDATE CONSTRAINT users_email_check;\n'],
  ]);
});

test('a migration that becomes one without a transaction keeps what else its metadata says', async () => {
  const project = makeProject({
    migrations: {
      '1_users': users,
      '2_index': {
        ...work,
        up: 'CREATE INDEX users_email ON users (email);',
        down: 'DROP INDEX users_email;',
      },
    },
  });
  project.write(
    'migrations/2_index/metadata.yaml',
    'name: index # of emails\ntimestamp: 2\nparents: [1]\n# no_transaction: true\n',
  );
  await openKat(project).kat.lint({ of: ['2'], fix: true });
  expect(project.read('migrations/2_index/metadata.yaml')).toBe(
    'name: index # of emails\ntimestamp: 2\nparents: [1]\nno_transaction: true\n',
  );
  expect(project.read('migrations/2_index/down.sql')).toBe('DROP INDEX CONCURRENTLY users_email;\n');
});

const unwritable = [
  [
    'its own metadata has no place for no_transaction',
    '2_work',
    '{name: work, timestamp: 2, parents: [1]}\n',
  ],
  ['a child has no place for parents', '3_child', '{name: child, timestamp: 3, parents: [2]}\n'],
] as const;

test.each(unwritable)('when %s, everything stays as it was', async (_, id, metadata) => {
  const index = {
    ...work,
    up: "CREATE INDEX users_email ON users (email);\nALTER TABLE users ADD CHECK (email <> '');",
    down: 'ALTER TABLE users DROP CONSTRAINT users_email_check;\nDROP INDEX users_email;',
  };
  const project = makeProject({ migrations: { ...migrations, '2_work': index } });
  project.write(`migrations/${id}/metadata.yaml`, metadata);
  const before = project.snapshot();
  const failure = await failureOf(openKat(project).kat.lint({ of: ['2'], fix: true }));
  expect(failure).toMatchObject({ code: 'FILES_INVALID' });
  expect(failure.message).toContain(id);
  expect(project.snapshot()).toEqual(before);
});

test('it must be told what may change, and a dry run is one of fixing', async () => {
  const project = makeProject({ migrations });
  const { kat } = openKat(project);
  expect(await failureOf(kat.lint({ fix: true }))).toMatchObject({ code: 'USAGE' });
  expect(await failureOf(kat.lint({ of: ['work'], dryRun: true }))).toMatchObject({ code: 'USAGE' });
});

test('only the rules that are asked are fixed, and nothing is said where there is nothing', async () => {
  const project = makeProject({ migrations });
  const { kat } = openKat(project);
  expect((await kat.lint({ of: ['users'], fix: true })).fixes).toEqual([]);
  const { fixes = [] } = await kat.lint({ of: ['work'], fix: true, rules: ['create-index-not-concurrent'] });
  expect(fixes.map(({ rules }) => rules)).toEqual([['create-index-not-concurrent']]);
});

test('rows that refer to each other only at the end of a transaction stay in one', async () => {
  const deferred = 'REFERENCES parents DEFERRABLE INITIALLY DEFERRED';
  const up = [
    'INSERT INTO children VALUES (1, 7);',
    'CREATE UNIQUE INDEX parents_name ON parents (lower(name));',
    "INSERT INTO parents VALUES (7, 'b');",
  ].join('\n');
  const rows = (reference: string) => ({
    '1_tables': `CREATE TABLE parents (id int PRIMARY KEY, name text); CREATE TABLE children (id int PRIMARY KEY, parent int ${reference});`,
    '2_rows': { up: `${up}\n`, parents: [1] },
  });
  const kept = await projectOn(newest, { migrations: rows(deferred) });
  const { kat } = openKat(kept);
  expect((await kat.lint({ of: ['2_rows'], fix: true })).fixes ?? []).toEqual([]);
  await kat.up();
  const divided = await projectOn(newest, { migrations: rows('') });
  expect((await openKat(divided).kat.lint({ of: ['2_rows'], fix: true })).fixes).toHaveLength(1);
});
