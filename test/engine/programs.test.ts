/** Migrations in JavaScript and TypeScript: they run in the migration's own transaction, whatever they do. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { KatOptions, MigrationError } from '../../src/index.js';
import { commandMajors, majors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { eventsOf, failureOf, openKat } from './library.js';

const users = 'CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, slug text);';
const rows = "INSERT INTO users VALUES (1, 'Ada'), (2, 'O''Hara \\ $$');";

const program = (up: string, more: Partial<MigrationSource> = {}): MigrationSource => ({
  ...{ up, names: { up: 'up.mjs', down: 'down.mjs' }, parents: [1] },
  down: 'export default async ({ sql }) => { await sql`UPDATE users SET slug = NULL`; };',
  ...more,
});

const fillSlugs = `export default async ({ sql, rows, identifier, log }) => {
  const table = identifier('users');
  for (const { id, name } of await rows\`SELECT id, name FROM \${table} ORDER BY id\`)
    log(name, await sql\`UPDATE users SET slug = \${name.toLowerCase()} WHERE id = \${id}\`);
};`;

const projectWith = (major: number, fill: MigrationSource) =>
  projectOn(major, {
    migrations: { '1_users': { up: `${users}\n${rows}`, down: 'DROP TABLE users;' }, '2_fill': fill },
  });

const slugsOf = async ({ database }: DatabaseProject) =>
  (await database.query('SELECT slug FROM users ORDER BY id')).map(({ slug }) => slug);

/** Runs \`up\`, which must fail at the program and leave nothing of it. */
async function failureOfProgram(project: DatabaseProject, options: Partial<KatOptions> = {}) {
  const { kat, events } = openKat(project, options);
  const error = (await failureOf(kat.up())) as MigrationError;
  expect(await slugsOf(project)).toEqual([null, null]);
  expect(await project.applied()).toEqual(['1_users']);
  expect(error).toMatchObject({ migration: '2_fill' });
  return { error, kat, events };
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    'ROLLBACK TO a',
    '-- back\nrollback to savepoint a; RELEASE a',
    "ROLLBACK TO a; UPDATE users SET name = 'x' WHERE id = 2",
  ])('goes on after an error: %s', async (back) => {
    const up = `export default async ({ sql }) => {
  await sql\`SAVEPOINT a\`;
  try { await sql\`INSERT INTO users VALUES (1, 'Twice')\`; } catch { await sql\`${back}\`; }
  await sql\`UPDATE users SET slug = name\`;
};`;
    const project = await projectWith(major, program(up));
    await openKat(project).kat.up();
    expect(await slugsOf(project)).toEqual(['Ada', back.includes("'x'") ? 'x' : "O'Hara \\ $$"]);
  });

  test('applies, rolls back and repeats a program, and records it as any migration', async () => {
    const project = await projectWith(major, program(fillSlugs));
    const { kat, events } = openKat(project);
    await kat.up();
    expect(await slugsOf(project)).toEqual(['ada', "o'hara \\ $$"]);
    const notices = eventsOf(events, 'notice').map(({ notice }) => notice.message);
    expect(notices).toEqual(['Ada 1', "O'Hara \\ $$ 1"]);

    await kat.down({ confirm: () => true });
    expect(await slugsOf(project)).toEqual([null, null]);
    await kat.up();
    await kat.redo({ confirm: () => true });
    expect(await slugsOf(project)).toEqual(['ada', "o'hara \\ $$"]);
    const { entries } = await kat.history({ migrations: ['2_fill'] });
    const steps = entries.map(({ direction, outcome }) => `${direction} ${outcome}`).reverse();
    expect(steps).toEqual(['up', 'down', 'up', 'down', 'up'].map((direction) => `${direction} succeeded`));

    project.write('migrations/2_fill/up.mjs', `// edited\n${fillSlugs}`);
    const [, status] = (await kat.status()).migrations;
    expect(status).toMatchObject({ isChanged: true, program: 'up.mjs' });
    expect(status).not.toHaveProperty('onlyComments');
  });

  test('binds every kind of value, and refuses one in a place that has no value', async () => {
    const values = `export default async ({ sql, rows }) => {
      const data = { at: [1, "it's"], price: new (class { cents = 5; toJSON() { return '0.05'; } })() };
      await sql\`CREATE TABLE v (n numeric, b bool, t text, a text[], d jsonb, at timestamptz, raw bytea, nothing text)\`;
      await sql\`INSERT INTO v VALUES (\${12345678901234567890n}, \${true}, \${"\\\\'; --"}, \${['a"b', null, 'c\\\\d']},
        \${data}, \${new Date('2024-02-29T12:00:00Z')}, \${new Uint8Array([0, 255])}, \${undefined})\`;
      const count = await sql\`DO $x$ BEGIN RAISE NOTICE '%', \${'$x$; COMMIT'}; END $x$\`.catch((error) => error.message);
      await sql\`UPDATE v SET nothing = \${count}\`;
    };`;
    const project = await projectWith(major, program(values));
    await openKat(project).kat.up();
    expect(await project.database.query("SELECT *, at AT TIME ZONE 'UTC' AS at, raw::text FROM v")).toEqual([
      {
        ...{ n: '12345678901234567890', b: true, t: "\\'; --", a: ['a"b', null, 'c\\d'] },
        ...{ d: { at: [1, "it's"], price: '0.05' }, at: expect.anything(), raw: '\\x00ff' },
        nothing: 'a value is inside of a quoted text, a comment or a name',
      },
    ]);
  });

  test.each([
    ['an error', "throw new Error('no')", 'no'],
    ['no error', 'throw undefined', 'it threw undefined'],
    ['an object that cannot be shown', 'throw { get message() { throw 1; }, toString: null }', 'it threw {'],
    [
      'a rejection that nobody handles',
      "Promise.reject(new Error('late')); await sql`SELECT pg_sleep(0.2)`",
      'late',
    ],
    ['an end of the process', 'await sql`SELECT 1`; process.exit(0)', 'ended before its function did'],
    ['a promise without end', 'await new Promise(() => {})', 'ended before its function did'],
    ['a COMMIT', 'await sql`COMMIT`', 'COMMIT would interfere'],
    ['a COMMIT in a text', "await sql('BEGIN; SELECT 1; COMMIT')", 'cannot begin or end a transaction'],
    ['a COMMIT past the types', "await sql('SELECT 1; ROLLBACK; SELECT 2')", 'ROLLBACK would interfere'],
    ['a query that nobody awaits', 'sql`SELECT pg_sleep(0.2)`', 'ended while 1 of its queries ran'],
    ['a failed query that it hides', 'await sql`SELECT 1/0`.catch(() => {})', 'division by zero'],
    [
      'a message of its own',
      "(await import('node:worker_threads')).parentPort.postMessage(null); await new Promise((resolve) => setTimeout(resolve, 60000))",
      'a message of its own',
    ],
    ['half a character', `await sql\`SELECT \${'\\ud83d'}\``, 'has half a character'],
    ['a Map', `await sql\`SELECT \${new Map()}\``, 'contains a Map, which'],
    ['a Set in JSON', `await sql\`SELECT \${{ all: [new Set()] }}\``, 'contains a Set, which'],
    ['a function in JSON', `await sql\`SELECT \${{ all: () => 1 }}\``, 'contains a function, which'],
    ['a symbol in an array', `await sql\`SELECT \${[Symbol.iterator]}\``, 'contains a symbol, which'],
    ['too many rows', 'await rows`SELECT generate_series(1, 100001)`', 'has 100001 rows'],
    [
      'rows that are too long',
      "await rows`SELECT repeat('x', 1000000) FROM generate_series(1, 110)`",
      'longer than the 100 million characters',
    ],
    [
      'statements whose rows are too long together',
      `await rows("${"SELECT repeat('x', 1000000) FROM generate_series(1, 60);".repeat(2)}")`,
      'longer than the 100 million characters',
    ],
  ])('%s rolls back', async (_, body, message) => {
    const up = `export default async ({ sql, rows }) => {\n  await sql\`UPDATE users SET slug = 'x'\`;\n  ${body};\n};`;
    const { error } = await failureOfProgram(await projectWith(major, program(up)));
    expect(error.code).toBe('MIGRATION_FAILED');
    expect(error.message).toContain(message);
    expect(error.help).toContain('this migration was rolled back');
    expect(`${error.message}${error.help}`).not.toMatch(/\bat .*\d+:\d+/);
  });
});

const [newest = 18] = majors().toReversed();

describe('a failure', () => {
  test.each([
    ['of a query', '  await sql`SELECT nothing FROM users`;', { line: 2, column: 12 }],
    ['of the program', '  const user = undefined;\n  user.name;', { line: 3, column: 8 }],
    ['of its syntax', '  const x = (;', { line: 2, column: 14 }],
  ])('%s names its place', async (_, body, place) => {
    const up = `export default async ({ sql }) => {\n${body}\n};`;
    const { error } = await failureOfProgram(await projectWith(newest, program(up)));
    expect(error.problems[0]?.location).toMatchObject({ file: expect.stringMatching(/up\.mjs$/), ...place });
  });

  test.each([
    ['a loop without end', 'while (true);'],
    ['a thread that never wakes up', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['a timer without end', 'await new Promise(() => setInterval(() => {}, 1000));'],
  ])('%s is ended', async (_, body) => {
    const up = `export default async ({ sql }) => { await sql\`UPDATE users SET slug = 'x'\`; ${body} };`;
    const limited = program(up, { metadata: ['statement_timeout: 500ms'] });
    const { error } = await failureOfProgram(await projectWith(newest, limited));
    expect(error.message).toBe('the program sent no query and did not end for 0.5 s');
  });

  test('for a reason that passes is tried again, in a new thread', async () => {
    const up = `let runs = 0;
export default async ({ sql, rows }) => {
  runs += 1;
  await sql\`UPDATE users SET slug = \${runs}\`;
  const [{ nextval }] = await rows\`SELECT nextval('tries')\`;
  if (nextval === '1') await sql\`DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$\`;
};`;
    const project = await projectWith(newest, program(up));
    await project.database.query('CREATE SEQUENCE tries');
    const { kat, events } = openKat(project);
    await kat.up();
    expect(eventsOf(events, 'retrying')).toHaveLength(1);
    expect(await slugsOf(project)).toEqual(['1', '1']);
  });

  test.each([
    ['in a query', 'await sql`SELECT pg_sleep(30)`'],
    ['in a loop', 'await sql`SELECT 1`; while (true);'],
  ])('by a cancel %s ends the thread', async (_, body) => {
    const up = `export default async ({ sql }) => { await sql\`UPDATE users SET slug = 'x'\`; ${body}; };`;
    const project = await projectWith(newest, program(up));
    const cancel = new AbortController();
    const run = failureOfProgram(project, { signal: cancel.signal });
    const query =
      "SELECT FROM pg_stat_activity WHERE query ~ 'SELECT (1|pg_sleep)' AND query ~ '^/\\* kat' AND backend_xid IS NOT NULL";
    await eventually(
      'the program to be under way',
      async () => (await project.database.query(query)).length > 0,
    );
    cancel.abort();
    expect((await run).error.code).toBe('CANCELLED');
  });

  test('of a connection in the middle of the program ends with what the tracking table says', async () => {
    const up =
      "export default async ({ sql }) => { await sql`UPDATE users SET slug = 'x'`; await sql`SELECT pg_terminate_backend(pg_backend_pid())`; };";
    const { error } = await failureOfProgram(await projectWith(newest, program(up)));
    expect(error.message).toContain('terminating connection');
  });

  test.each(['VACUUM users', 'DO $$ BEGIN COMMIT; END $$'])('of %s says where it belongs', async (sql) => {
    const up = `export default async ({ sql }) => { await sql\`${sql}\`; };`;
    const { error } = await failureOfProgram(await projectWith(newest, program(up)));
    expect(error.help).toContain('Move the statement into a migration in SQL with `no_transaction: true`');
  });

  test('of a file that changes meanwhile takes everything back', async () => {
    const up =
      "import { appendFileSync } from 'node:fs';\nexport default async ({ sql }) => { await sql`UPDATE users SET slug = 'x'`; appendFileSync(new URL(import.meta.url), '//'); };";
    const { error } = await failureOfProgram(await projectWith(newest, program(up)));
    expect(error.message).toContain('was edited during the run');
  });
});

const failing = program("throw new Error('this must not run')");

describe('a program that must not run', () => {
  test('is no part of a bundle, a squash, a script or a schema', async () => {
    const { kat } = openKat(await projectWith(newest, failing));
    const refused = async (call: Promise<unknown>) => {
      const { message, problems } = await failureOf(call);
      return [message, ...problems.map((problem) => problem.message)].join('\n');
    };
    expect(await refused(kat.bundle())).toContain('a bundle holds SQL alone');
    expect(await refused(kat.squash({ to: '2_fill', force: true }))).toContain('programs cannot be squashed');
    expect(await refused(kat.planSql())).toContain('a script of SQL cannot run');
    expect(await refused(kat.schema())).toContain('only up, down, redo, sync and verify run');
  });

  test('is refused with no_transaction, and beside another file for the same direction', async () => {
    const project = await projectWith(newest, { ...failing, noTransaction: true });
    const { kat } = openKat(project);
    const { problems } = await failureOf(kat.up());
    expect(problems).toMatchObject([{ code: 'unfit-program' }]);
    project.addMigration('2_fill', failing);
    project.write('migrations/2_fill/up.sql', 'SELECT 1;');
    expect((await failureOf(kat.up())).problems).toMatchObject([{ code: 'two-files' }]);
    const { findings } = await kat.validate({ offline: true });
    expect(findings.map(({ code }) => code)).toContain('two-files');
  });

  test('validate tells of a second file of an applied migration, in either direction', async () => {
    const project = await projectWith(newest, program(fillSlugs));
    const { kat } = openKat(project);
    await kat.up({ count: 1 });
    project.write('migrations/1_users/up.ts', 'export default () => {};');
    project.write('migrations/1_users/down.mjs', 'export default () => {};');
    const { findings } = await kat.validate();
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['two-files', '1_users has both up.sql and up.ts'],
      ['two-files', '1_users has both down.sql and down.mjs'],
    ]);
  });

  test('is not run by commands that only read', async () => {
    const { kat } = openKat(await projectWith(newest, failing));
    await kat.up({ count: 1 });
    expect((await kat.validate()).counts.errors).toBe(0);
    expect((await kat.lint({ of: ['2_fill'] })).findings).toMatchObject([
      { code: 'unchecked-sql', severity: 'info' },
    ]);
    expect((await kat.deps()).migrations[1]?.opaque).toMatchObject([{ reason: 'a program' }]);
    await kat.check();
    await kat.status();
    expect((await kat.plan()).steps).toMatchObject([{ id: '2_fill' }]);
    expect((await kat.up({ dryRun: true })).migrations).toMatchObject([{ id: '2_fill' }]);
    expect((await failureOf(kat.up({ dryRun: 'rollback' }))).message).toBe('this must not run');
  });

  test('is verified, runs alone beside others, and in one transaction with others', async () => {
    const project = await projectWith(newest, program(fillSlugs));
    project.addMigration('3_other', { up: 'CREATE TABLE other ();', down: 'DROP TABLE other;' });
    const { kat } = openKat(project);
    expect((await kat.up({ dryRun: 'rollback' })).migrations).toHaveLength(3);
    expect(await project.database.query("SELECT to_regclass('users') AS users")).toEqual([{ users: null }]);
    expect((await kat.plan({ jobs: 2 })).schedule?.apart[0]?.own.words).toContain('runs a program');
    await kat.up({ singleTransaction: true });
    await kat.down({ count: 3, confirm: () => true });
    await kat.up({ jobs: 2 });
    expect(await slugsOf(project)).toEqual(['ada', "o'hara \\ $$"]);
    const verified = await kat.verify({ on: project.database.url });
    expect(verified.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

test('verify calls the files of a program by their names', async () => {
  const project = await projectWith(
    newest,
    program('export default async ({ sql }) => { await sql`CREATE TABLE fill ()`; };'),
  );
  project.addMigration('3_more', { ...program('export default ({ sql }) => sql`SELECT missing`;') });
  const { kat } = openKat(project);
  const { findings } = await kat.verify({ on: project.database.url });
  expect(findings.map(({ message, help }) => [message, help])).toEqual([
    ['down.mjs leaves table public.fill', 'Drop the object in down.mjs.'],
    [
      'up.mjs fails after down.mjs: ERROR: relation "fill" already exists (SQLSTATE 42P07)',
      'Correct down.mjs, which does not restore the former state.',
    ],
    [
      'up.mjs fails: ERROR: column "missing" does not exist (SQLSTATE 42703)',
      'Correct up.mjs, or add the missing parent.',
    ],
  ]);
});

test('TypeScript runs where Node.js or the project can run it, and is refused before anything runs elsewhere', async () => {
  const up = `interface User { id: string }
export default async ({ sql }: { sql: (texts: TemplateStringsArray, ...values: unknown[]) => Promise<number> }) => {
  const user: User = { id: '1' };
  await sql\`UPDATE users SET slug = 'typed' WHERE id = \${user.id}\`;
};`;
  const project = await projectWith(newest, program(up, { names: { up: 'up.ts', down: 'down.mjs' } }));
  if (!('typescript' in process.features && process.features.typescript)) {
    const refused = await project.kat('up');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('does not run TypeScript by itself');
    expect(refused.stderr).toContain('install the package jiti in the project');
    expect(await project.database.query("SELECT to_regclass('users') AS users")).toEqual([{ users: null }]);
    mkdirSync(join(project.folder, 'node_modules'));
    symlinkSync(resolve('node_modules/jiti'), join(project.folder, 'node_modules/jiti'));
  }
  expect((await project.kat('up')).code).toBe(0);
  expect(await slugsOf(project)).toEqual(['typed', null]);
});

describe('what metadata.yaml says a program touches', () => {
  const touching = (body: string, touches: string, parents: readonly number[] = [1]) =>
    program(`export default async ({ sql, rows }) => {\n  ${body};\n};`, {
      metadata: [`touches: [${touches}]`],
      parents,
    });

  test.each([
    ['another table that it reads', 'await rows`SELECT FROM others`', 'also touched public.others, which'],
    [
      'a table behind a view',
      'await rows`SELECT FROM seen`',
      'also touched public.others and public.seen, which',
    ],
    ['the schema', 'await sql`CREATE FUNCTION f() RETURNS int RETURN 1`', 'changed the schema (pg_'],
    ['its own table', 'await sql`ALTER TABLE users ADD extra int`', 'changed the schema (pg_'],
    ['a savepoint', 'await sql`SAVEPOINT a`', 'with `touches` cannot use savepoints'],
    ['what ROLLBACK TO released', 'await sql`ROLLBACK TO a`', 'with `touches` cannot use savepoints'],
  ])('is compared with %s', async (_, body, message) => {
    const up = `await sql\`UPDATE users SET slug = 'x'\`; ${body}`;
    const project = await projectWith(newest, touching(up, 'users'));
    await project.database.query('CREATE TABLE others (); CREATE VIEW seen AS SELECT FROM others');
    const { error } = await failureOfProgram(project);
    expect(error.message).toContain(message);
  });

  test('is read in the transaction of the program alone, also if the owner of the connection ends it', async () => {
    const up = `import { existsSync } from 'node:fs';
export default async ({ sql }) => {
  await sql\`UPDATE users SET slug = 'x'\`;
  while (!existsSync(new URL('../../committed', import.meta.url))) await new Promise((next) => setTimeout(next, 20));
};`;
    const project = await projectWith(newest, program(up, { metadata: ['touches: [users]'] }));
    const { database } = project;
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const failing = failureOf(openKat(project, { database: client }).kat.up());
    const idle = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
      AND state = 'idle in transaction' AND query LIKE '%UPDATE users SET slug%'`;
    await eventually('the end of the query', async () => (await database.query(idle)).length > 0);
    await client.query('COMMIT');
    project.write('committed', '');
    expect(await failing).toMatchObject({ code: 'MIGRATION_HALF_DONE', migration: '2_fill' });
    expect(await slugsOf(project)).toEqual(['x', 'x']);
    await client.end();
  });

  test('must exist', async () => {
    const { error } = await failureOfProgram(
      await projectWith(newest, touching('await 1', 'users, no.where')),
    );
    expect(error.message).toBe('`touches` names no.where, which does not exist');
  });

  test('is true for indexes, sequences, TOAST and partitions of these tables', async () => {
    const fill = touching(
      "await sql`INSERT INTO parts (at, text) SELECT 1, string_agg(md5(g::text), '') FROM generate_series(1, 1000) g`; await sql`SELECT * FROM parts`",
      'parts',
    );
    const project = await projectWith(newest, fill);
    project.addMigration(
      '1_users',
      `${users}\n${rows}
CREATE TABLE parts (id serial, at int, text text, PRIMARY KEY (id, at)) PARTITION BY LIST (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);`,
    );
    await openKat(project).kat.up();
    expect(await project.database.query('SELECT count(*)::int FROM parts')).toEqual([{ count: 1 }]);
  });

  test('is what deps, check and --jobs know of it', async () => {
    const project = await projectWith(newest, touching('await sql`UPDATE users SET slug = id`', 'users', []));
    project.addMigration('3_other', { up: 'CREATE TABLE other ();' });
    project.addMigration('4_drop', { up: 'ALTER TABLE users DROP COLUMN name;', parents: [1] });
    const { kat } = openKat(project);
    const { findings, migrations } = await kat.deps();
    expect(findings).toMatchObject([{ code: 'undeclared', migration: '2_fill' }, expect.anything()]);
    expect(migrations.find(({ id }) => id === '2_fill')).toMatchObject({
      opaque: [],
      inferredParents: ['1_users'],
    });
    project.addMigration('2_fill', touching('await sql`UPDATE users SET slug = id`', 'users'));
    expect((await kat.check()).findings).toMatchObject([
      { migration: '4_drop', message: expect.stringContaining('2_fill') },
    ]);
    const apart = (await kat.plan({ jobs: 2 })).schedule?.apart.map(
      ({ reason, own }) => `${own.id} ${reason}`,
    );
    expect(apart).not.toContain('2_fill alone');
    await kat.up({ jobs: 2 });
    expect(await slugsOf(project)).toEqual(['1', '2']);
  });

  test('is refused beside SQL', async () => {
    const project = await projectWith(newest, { up: 'SELECT 1;', metadata: ['touches: [users]'] });
    const error = await failureOf(openKat(project).kat.up());
    expect(error.problems[0]?.message).toContain('`touches` is for programs alone');
  });
});
