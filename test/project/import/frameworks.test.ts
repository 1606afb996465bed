/** Folders of tools that belong to a platform or to a library. */
import { describe, expect, test } from 'vitest';
import { edges, read } from './read.js';

describe('supabase', () => {
  test('files by their names, and nothing else', async () => {
    const told = await read('supabase', {
      '20240105093000_create_users.sql': 'SELECT 1;\n',
      '20240106101530_.sql': 'SELECT 2;\n',
      'seed.sql': 'SELECT 0;\n',
      '20240107000000_folder/a.sql': 'SELECT 0;\n',
      'README.md': '',
    });
    expect(edges(told)).toEqual(['20240105093000', '20240106101530 <- 20240105093000']);
    expect(told.migrations[0]).toMatchObject({ name: 'create_users', noTransaction: false });
    expect(told.problems).toEqual([]);
    expect(told.warnings).toEqual([
      'seed.sql:1:1 seed.sql is left out: its name is not <timestamp>_<name>.sql',
    ]);
  });

  test('the schema that early versions dumped is skipped, where it comes first', async () => {
    const files = {
      '20211208000000_init.sql': '',
      '20211209000000_init.sql': '',
      '20220101000000_a.sql': '',
    };
    const told = await read('supabase', files);
    expect(edges(told)).toEqual(['20211209000000', '20220101000000 <- 20211209000000']);
    expect(told.warnings).toEqual([expect.stringMatching(/^20211208000000_init\.sql:1:1 /)]);
    expect((await read('supabase', { ...files, '20200101000000_b.sql': '' })).migrations).toHaveLength(4);
  });

  test('one version twice', async () => {
    const told = await read('supabase', { '20240105093000_a.sql': '', '20240105093000_b.sql': '' });
    expect(told.problems).toEqual([
      expect.stringContaining('20240105093000_a.sql and 20240105093000_b.sql have the same number or name'),
    ]);
  });
});

describe('sqlx', () => {
  test('simple and reversible migrations in the order of their numbers', async () => {
    const told = await read('sqlx', {
      '10_c.sql': 'SELECT 3;\n',
      '9_b.up.sql': 'SELECT 2;\n',
      '9_b.down.sql': 'SELECT -2;\n',
      '0001_a.sql': 'SELECT 1;\n',
      'seed.sql': '',
    });
    expect(edges(told)).toEqual(['1', '9 <- 1', '10 <- 9']);
    expect(told.migrations[1]).toMatchObject({ name: 'b', down: { text: 'SELECT -2;\n' } });
    expect(told.migrations[0]).not.toHaveProperty('down');
    expect(told.warnings).toEqual(['seed.sql:1:1 seed.sql is left out: its name is not <number>_<name>.sql']);
  });

  test('`-- no-transaction` counts at the very beginning, for the direction of the file', async () => {
    const told = await read('sqlx', {
      '1_a.up.sql': '-- no-transaction\nSELECT 1;\n',
      '1_a.down.sql': '-- no-transaction\nSELECT 1;\n',
      '2_b.up.sql': '-- no-transaction\nSELECT 1;\n',
      '2_b.down.sql': 'SELECT 1;\n',
      '3_c.sql': '\n-- no-transaction\nSELECT 1;\n',
      '4_d.up.sql': 'SELECT 1;\n',
      '4_d.down.sql': '-- no-transaction\nSELECT 1;\n',
    });
    expect(told.migrations.map(({ noTransaction }) => noTransaction)).toEqual([true, true, false, false]);
    expect(told.warnings).toEqual([
      '2_b.down.sql:1:1 the rollback of 2_b.up.sql will run outside of a transaction, as its up part does',
    ]);
  });

  test('what sqlx itself refuses', async () => {
    const told = await read('sqlx', { '1_a.sql': '', '1_a.up.sql': '', '2_b.down.sql': '' });
    expect(told.problems).toEqual([
      '1_a.up.sql:1:1 1_a.sql and 1_a.up.sql have the same number',
      '2_b.down.sql:1:1 2_b.down.sql has no 2_b.up.sql beside it',
    ]);
  });
});

describe('diesel', () => {
  test('folders by their versions, without hyphens', async () => {
    const told = await read('diesel', {
      '2024-01-06-101530-0000_posts/up.sql': 'SELECT 2;\n',
      '2024-01-06-101530-0000_posts/down.sql': '-- This file should undo anything in `up.sql`\n',
      '20240105093000_users/up.sql': 'SELECT 1;\n',
      '20240105093000_users/down.sql': 'SELECT -1;\n',
      '00000000000000_diesel_initial_setup/up.sql': 'SELECT 0;\n',
      'README.md': '',
    });
    expect(edges(told)).toEqual([
      '00000000000000',
      '20240105093000 <- 00000000000000',
      '202401061015300000 <- 20240105093000',
    ]);
    expect(told.migrations[1]).toMatchObject({ name: 'users', down: { text: 'SELECT -1;\n' } });
    expect(told.migrations[2]).toMatchObject({ number: '20240106101530', name: 'posts' });
    expect(told.migrations[2]).not.toHaveProperty('down');
    expect([told.problems, told.warnings]).toEqual([[], []]);
  });

  test.each([
    ['run_in_transaction = false\n', true],
    ['# a comment\n  run_in_transaction=false # for the index\n', true],
    ['run_in_transaction = true\n', false],
    ['run_in_transaction = "false"\n', false],
    ['# run_in_transaction = true\n', true],
    ['[other]\nrun_in_transaction = true\n', true],
  ])('metadata.toml with %j', async (toml, noTransaction) => {
    const told = await read('diesel', { '1_a/up.sql': 'SELECT 1;\n', '1_a/metadata.toml': toml });
    expect(told.migrations.map((migration) => migration.noTransaction)).toEqual([noTransaction]);
  });

  test('a folder without up.sql, and one version twice', async () => {
    const told = await read('diesel', {
      '1_a/down.sql': '',
      '2024-01-05_b/up.sql': '',
      '20240105_c/up.sql': '',
    });
    expect(told.problems).toEqual([
      '1_a:1:1 1_a has no up.sql',
      expect.stringContaining('2024-01-05_b and 20240105_c have the same number or name'),
    ]);
  });
});
