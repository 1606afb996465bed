/** Databases that read backslashes in plain literals as escapes, and other settings that change how SQL is read. */

import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { column, migrationFailureOf, openKat } from './library.js';

const clients: pg.Client[] = [];
afterAll(() => Promise.all(clients.splice(0).map((client) => client.end())));

const written = `INSERT INTO t VALUES ('it\\'s; fine'), ('a\\\\b'), (E'\\'');`;

describe.each(majors())('PostgreSQL %i', (major) => {
  async function withBackslashes(sql: { up: string; down?: string; noTransaction?: boolean }) {
    const project = await projectOn(major, { migrations: { '1_t': sql } });
    const { database } = project;
    await database.query(`ALTER DATABASE ${database.name} SET standard_conforming_strings = off`);
    await database.query('CREATE TABLE t (a text)');
    return project;
  }
  const rows = 'SELECT a FROM t ORDER BY a COLLATE "C"';

  test.each([false, true])(
    'SQL that psql runs there runs, without a transaction: %s',
    async (noTransaction) => {
      const project = await withBackslashes({
        up: `${written}\nINSERT INTO t VALUES ('\\'COMMIT;\\'');`,
        down: "DELETE FROM t WHERE a <> 'it\\'s; fine';",
        noTransaction,
      });
      const { kat } = openKat(project);
      expect((await kat.validate()).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      await kat.up();
      expect(await column(project.database, rows)).toEqual(["'", "'COMMIT;'", 'a\\b', "it's; fine"]);
      await kat.down();
      expect(await column(project.database, rows)).toEqual(["it's; fine"]);
    },
  );

  test('the place of an error is right behind an escaped quote, and COMMIT is still found', async () => {
    const project = await withBackslashes({ up: "SELECT 'it\\'s';\nSELECT nothing;" });
    const { kat } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error.problems[0]?.location).toMatchObject({ line: 2, column: 8 });
    project.write('migrations/1_t/up.sql', "INSERT INTO t VALUES ('it\\'s'); COMMIT;\n");
    await expect(kat.up()).rejects.toMatchObject({ code: 'SQL_INVALID' });
    expect(await column(project.database, rows)).toEqual([]);
  });

  test('lint, of what is pending and in front of a run, reads on behind an escaped quote', async () => {
    const project = await withBackslashes({
      up: "SELECT 'it\\'s'; ALTER TABLE u ADD COLUMN a int NOT NULL;",
    });
    const { kat } = openKat(project, { lint: { onUp: 'strict' } });
    const codes = (await kat.lint({ pending: true })).findings.map(({ code }) => code);
    expect(codes).toContain('add-required-column');
    expect(codes).not.toContain('syntax');
    await expect(kat.up()).rejects.toMatchObject({
      code: 'LINT_FAILED',
      help: expect.stringContaining('`on_up: strict`'),
      problems: [expect.objectContaining({ title: 'add-required-column' })],
    });
  });

  test("a client of the caller's, by its own setting", async () => {
    const project = await projectOn(major, {
      migrations: { '1_t': { up: `CREATE TABLE t (a text);\n${written}` } },
    });
    const client = new pg.Client(project.database.url);
    await client.connect();
    clients.push(client);
    await client.query('SET standard_conforming_strings = off');
    await openKat(project, { database: client }).kat.up();
    expect(await column(project.database, rows)).toEqual(["'", 'a\\b', "it's; fine"]);
  });

  test('what the server refuses as unsafe ends in its own words, rolled back', async () => {
    const project = await withBackslashes({ up: `CREATE TABLE x ();\n${written}` });
    const { database } = project;
    await database.query(`ALTER DATABASE ${database.name} SET backslash_quote = off`);
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', report: { sqlstate: '22P06' } });
    expect(await column(database, "SELECT to_regclass('x')")).toEqual([null]);
  });

  test("Kat's own SQL has no literal that the server warns of", async () => {
    const project = await withBackslashes({ up: 'CREATE TABLE u (a text);', down: 'DROP TABLE u;' });
    const commands = [
      ...[
        'up',
        'status',
        'validate --git-base none',
        'history',
        'drift',
        'schema',
        'plan',
        'plan --sql',
        'show 1_t',
      ],
      ...[
        'up --dry-run=rollback',
        'redo --yes',
        'stamp 1_t --delete --yes',
        'stamp 1_t',
        'repair --yes',
        'doctor',
      ],
      ...['sync --yes', 'watch --once', 'unlock', 'down --yes', 'up --jobs 2'],
    ];
    for (const command of commands) {
      const run = await project.kat(command);
      expect([0, 3], `${command}: ${run.stderr}`).toContain(run.code);
      expect(run.stdout + run.stderr, command).not.toMatch(/escape/i);
    }
  });
});
