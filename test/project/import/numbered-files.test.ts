import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../../src/project/import/read-source.js';
import type { ImportTool } from '../../../src/project/import/tools.js';
import { failureOf, makeFolder } from '../temporary.js';
import { edges, read } from './read.js';

test('a folder that is not there, or has nothing in it, is refused', async () => {
  const error = await failureOf(() => readSource('dbmate', '/nowhere/at/all'));
  expect(error.message).toBe('cannot read /nowhere/at/all: it does not exist');
  const empty = await failureOf(() => readSource('goose', makeFolder()));
  expect(empty.message).toMatch(/^\/.* has no migrations of goose$/);
  const other = await failureOf(() => readSource('refinery', makeFolder({ '1_a.sql': 'SELECT 1;' })));
  expect(other).toMatchObject({
    message: expect.stringMatching(/ has no migrations of refinery$/),
    problems: [{ message: '1_a.sql is left out: its name is not V<number>__<name>.sql' }],
  });
});

test('symbolic links are followed, and broken ones are left out', async () => {
  const root = makeFolder({ 'source/elsewhere/a.sql': 'SELECT 1;\n', 'source/V2.sql': 'SELECT 2;\n' });
  symlinkSync('elsewhere/a.sql', join(root, 'source/1_a.up.sql'));
  symlinkSync('elsewhere/a.sql', join(root, 'source/V1__1__a.sql'));
  symlinkSync('nowhere.sql', join(root, 'source/9_b.up.sql'));
  const keysOf = async (tool: ImportTool) =>
    (await readSource(tool, join(root, 'source'))).migrations.map(({ key }) => key);
  expect(await keysOf('golang-migrate')).toEqual(['1']);
  expect(await keysOf('flyway')).toEqual(['1', '2']);
  symlinkSync('3_loop.up.sql', join(root, 'source/3_loop.up.sql'));
  const { problems } = await readSource('golang-migrate', join(root, 'source'));
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('3_loop.up.sql')]);
});

describe('dbmate', () => {
  test('both blocks, their options, and where they stand', async () => {
    const told = await read('dbmate', {
      '20240105_users.sql':
        '-- by Ada\n-- migrate:up transaction:false\n\n\nSELECT 1;\r\n\n-- migrate:down\nSELECT 2;\n',
      '20240106_posts.sql': '-- migrate:up\nSELECT 3;\n-- migrate:down\n-- nothing\n',
      'seed.sql': 'SELECT 1;',
      'README.md': '# dbmate',
    });
    expect(edges(told)).toEqual(['20240105', '20240106 <- 20240105']);
    expect(told.migrations[0]).toMatchObject({
      label: '20240105_users.sql',
      name: 'users',
      up: { line: 5, text: 'SELECT 1;\n' },
      down: { line: 8, text: 'SELECT 2;\n' },
      noTransaction: true,
    });
    expect(told.migrations[1]).toMatchObject({ noTransaction: false });
    expect(told.migrations[1]).not.toHaveProperty('down');
    expect(told.warnings).toEqual([
      expect.stringMatching(/^20240105_users\.sql:7:1 the rollback of /),
      'seed.sql:1:1 seed.sql is left out: its name is not <number>_<name>.sql',
    ]);
    expect(told.problems).toEqual([]);
  });

  test('files from Windows', async () => {
    const told = await read('dbmate', {
      '1_a.sql':
        '\ufeff-- by Ada\r\n\r\n-- migrate:up transaction:false\r\nSELECT 1;\r\n-- migrate:down\r\n-- nothing\r\n',
      'OLD.SQL': '',
    });
    expect(told.problems).toEqual([]);
    expect(told.migrations[0]).toMatchObject({ up: { line: 4, text: 'SELECT 1;\n' }, noTransaction: true });
    expect(told.migrations[0]).not.toHaveProperty('down');
    expect(told.warnings).toHaveLength(1);
  });

  test('what dbmate itself refuses', async () => {
    const told = await read('dbmate', {
      '1_a.sql': 'SELECT 1;\n',
      '2_b.sql': 'SELECT 1;\n-- migrate:up\n-- migrate:down\n',
      '3_c.sql': '-- migrate:down\n-- migrate:up\n',
      '4_d.sql': '-- migrate:up wait:1\n-- migrate:down\n',
      '4_e.sql': '-- migrate:up\n-- migrate:down\n',
    });
    expect(told.problems).toEqual([
      '1_a.sql:1:1 there is no line `-- migrate:up`',
      '2_b.sql:1:1 there is SQL before `-- migrate:up`',
      '3_c.sql:1:1 `-- migrate:down` precedes `-- migrate:up`',
      '4_e.sql:2:1 4_d.sql and 4_e.sql have the same number or name, so the other tool reads them as one migration',
    ]);
    expect(told.warnings).toEqual(['4_d.sql:1:1 the option wait:1 is unknown to Kat']);
  });
});

describe('golang-migrate', () => {
  test('pairs in the order of their numbers', async () => {
    const told = await read('golang-migrate', {
      '10_c.up.sql': 'SELECT 3;\n',
      '9_b.up.sql': 'SELECT 2;\n',
      '9_b.down.sql': 'SELECT -2;\n',
      '0001_a.up.sql': 'SELECT 1;\n',
      'seed.sql': '',
    });
    expect(edges(told)).toEqual(['1', '9 <- 1', '10 <- 9']);
    expect(told.migrations[1]).toMatchObject({ name: 'b', down: { text: 'SELECT -2;\n' } });
    expect(told.warnings).toHaveLength(1);
  });

  test('halves that do not fit', async () => {
    const told = await read('golang-migrate', { '1_a.down.sql': '', '2_b.up.sql': '', '02_c.up.sql': '' });
    expect(told.problems).toEqual([
      '2_b.up.sql:1:1 02_c.up.sql and 2_b.up.sql have the same number',
      '1_a.down.sql:1:1 1_a.down.sql has no 1_a.up.sql beside it',
    ]);
  });
});

describe('goose', () => {
  test('annotations go, everything else stays where it was', async () => {
    const told = await read('goose', {
      '2_posts.sql':
        '-- +goose NO TRANSACTION\n-- +goose up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\nSELECT 2;\n-- +goose Down\nSELECT 3;\n',
      '00001_users.sql': '-- +goose Up\nSELECT 0;\n',
      '1_users_test.go': 'package x',
    });
    expect(edges(told)).toEqual(['1', '2 <- 1']);
    expect(told.migrations[1]).toMatchObject({
      noTransaction: true,
      up: { line: 4, text: expect.stringMatching(/^SELECT 1;\n *\nSELECT 2;\n$/) },
      down: { line: 8, text: 'SELECT 3;\n' },
    });
    expect(told.migrations[0]).not.toHaveProperty('down');
  });

  test('what would be lost or run in the wrong direction is refused', async () => {
    const told = await read('goose', {
      '1_a.sql': '-- +goose Down\nDROP TABLE a;\n-- +goose Up\nCREATE TABLE a (id int);\n',
      '2_b.sql': '-- +goose Up\nSELECT 1;\n-- +goose Up\nSELECT 2;\n',
      '3_c.sql': '-- +goose Up\n-- +goose Down\n-- +goose Down\n',
      '4_d.sql': '-- +goose NO TRANSACTION\r\nSELECT 0;\n-- +goose Up\n',
      '5_e.sql': '-- by Ada\r\n-- +goose NO TRANSACTION\r\n-- +goose Up\r\n',
    });
    const twice = '`-- +goose Up` and `-- +goose Down` appear more than once, or in the wrong order';
    expect(told.problems).toEqual([
      `1_a.sql:3:1 ${twice}`,
      `2_b.sql:3:1 ${twice}`,
      `3_c.sql:3:1 ${twice}`,
      '4_d.sql:1:1 there is SQL before `-- +goose Up`',
    ]);
  });

  test('Go, variables and unknown annotations are refused by name', async () => {
    const told = await read('goose', {
      '1_a.go': 'package migrations',
      '2_b.sql': '-- +goose ENVSUB ON\n-- +goose Up\n-- +goose ENVSUB OFF\n',
      '3_c.sql': '-- +goose Up\n-- +goose Sideways\n',
      '4_d.sql': 'SELECT 1;\n',
      '5_e.sql': '-- +goose Up\n',
      '05_f.sql': '-- +goose Up\n',
    });
    expect(told.problems).toEqual([
      '1_a.go:1:1 1_a.go is written in Go, which Kat cannot run',
      '2_b.sql:1:1 ENVSUB puts environment variables into the SQL, which Kat does not support',
      '3_c.sql:2:1 -- +goose Sideways is unknown',
      '4_d.sql:1:1 there is no line `-- +goose Up`',
      '5_e.sql:2:1 05_f.sql and 5_e.sql have the same number or name, so the other tool reads them as one migration',
    ]);
  });
});

describe('flyway', () => {
  test('versions, undo, settings of single scripts, folders below, and what is repeatable', async () => {
    const told = await read('flyway', {
      'V10__c.sql': 'SELECT 3;\n',
      'V2_1__b b.sql': 'SELECT 2;\n',
      'old/V2.0__a.sql': 'SELECT 1;\n',
      'old/V2.0__a.sql.conf': 'executeInTransaction=false\n',
      'U2__a.sql': 'SELECT -1;\n',
      'R__some_views.sql': 'SELECT 9;\n',
      'beforeMigrate.sql': 'SELECT 0;\n',
    });
    expect(edges(told)).toEqual(['2', '2.1 <- 2', '10 <- 2.1', 'R some views <- 10']);
    expect(told.migrations.map(({ number }) => number)).toEqual(['2000', '2001', '10000', undefined]);
    expect(told.migrations[0]).toMatchObject({ noTransaction: true, down: { text: 'SELECT -1;\n' } });
    expect(told.migrations[1]).toMatchObject({ noTransaction: false, name: 'b b' });
    expect(told.warnings).toEqual([
      'beforeMigrate.sql:1:1 beforeMigrate.sql is left out: it is a callback, or not named like a migration',
      'R__some_views.sql:1:1 R__some_views.sql is run once from now on, after the versioned migrations',
    ]);
  });

  test('placeholders need values', async () => {
    const files = {
      'V1__a.sql': `CREATE TABLE x (id int);\nGRANT ALL ON \${table} TO \${role};\n`,
      'V2__b.sql': `SELECT '\${not_one}';\n`,
      'V2__b.sql.conf': 'placeholderReplacement=false\n',
    };
    expect((await read('flyway', files, { placeholders: { table: 'x' } })).problems).toEqual([
      `V1__a.sql:2:26 the placeholder \${role} has no value`,
    ]);
    const told = await read('flyway', files, { placeholders: { table: '$1', role: 'app' } });
    expect(told.problems).toEqual([]);
    expect((await read('flyway', { 'V1__a.sql': `SELECT \${toString};\n` })).migrations[0]?.up.text).toBe(
      `SELECT \${toString};\n`,
    );
    expect(told.migrations.map(({ up }) => up.text)).toEqual([
      'CREATE TABLE x (id int);\nGRANT ALL ON $1 TO app;\n',
      `SELECT '\${not_one}';\n`,
    ]);
  });

  test('a baseline script is needed where the versions before it are gone', async () => {
    const without = await read('flyway', {
      'B5__all.sql': 'SELECT 5;\n',
      'V6__x.sql': 'SELECT 6;\n',
      'B3__old.sql': '',
    });
    expect(edges(without)).toEqual(['5', '6 <- 5']);
    expect(without.warnings).toHaveLength(1);
    const withAll = await read('flyway', { 'B5__all.sql': '', 'V5__x.sql': '', 'V6__y.sql': '' });
    expect(edges(withAll)).toEqual(['5', '6 <- 5']);
    expect(withAll.migrations[0]?.label).toBe('V5__x.sql');
    expect(withAll.warnings).toEqual([
      'B5__all.sql:1:1 B5__all.sql is left out: the other scripts make the same changes',
    ]);
  });

  test('programs and shared versions are refused', async () => {
    const told = await read('flyway', {
      'V1__a.java': '',
      'V2__b.sql': '',
      'V2.0__c.sql': '',
      'U2__b.sql': '',
      'U02__c.sql': '',
    });
    expect(told.problems).toEqual([
      'V1__a.java:1:1 V1__a.java is a program, which Kat cannot run',
      'U2__b.sql:1:1 U02__c.sql and U2__b.sql have the same version',
      expect.stringContaining('V2.0__c.sql and V2__b.sql have the same number or name'),
    ]);
  });
});

describe('node-pg-migrate', () => {
  test('one file or two, in either order of headings', async () => {
    const told = await read('node-pg-migrate', {
      '1704447000000_a.sql': '-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n',
      '1704447000001_b.sql': '-- down migration\nSELECT 4;\n\n--- Up migration ---\nSELECT 3;\n',
      '1704447000002_c.sql': 'SELECT 5;\n',
      '20240105093000003_d-d.up.sql': 'SELECT 6;\n',
      '20240105093000003_d-d.down.sql': 'SELECT 7;\n',
    });
    expect(told.migrations.map(({ up, down }) => [up.line, up.text, down?.text])).toEqual([
      [2, 'SELECT 1;\n', 'SELECT 2;\n'],
      [5, 'SELECT 3;\n', 'SELECT 4;\n'],
      [1, 'SELECT 5;\n', undefined],
      [1, 'SELECT 6;\n', 'SELECT 7;\n'],
    ]);
    expect(told.migrations.at(-1)).toMatchObject({
      key: '20240105093000003_d-d',
      parents: ['1704447000002_c'],
    });
    expect(told.problems).toEqual([]);
  });

  test('programs are refused by name, with what to do', async () => {
    const root = makeFolder({ '1_a.js': '', '2_b.ts': '', '2_b.d.ts': '' });
    const { problems } = await readSource('node-pg-migrate', root);
    expect(problems.map(({ message }) => message)).toEqual([
      '1_a.js is a program, which Kat cannot run',
      '2_b.ts is a program, which Kat cannot run',
    ]);
    expect(problems[0]?.help).toContain('1_a.sql');
  });

  test('files without a number come first, by their names', async () => {
    const told = await read('node-pg-migrate', { '1_c.sql': '', 'b.sql': '', 'a.sql': '' });
    expect(edges(told)).toEqual(['a', 'b <- a', '1_c <- b']);
    expect(told.problems).toEqual([]);
    expect(told.warnings).toHaveLength(2);
  });
});
