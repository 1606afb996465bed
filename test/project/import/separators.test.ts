/** What ends a statement or a name for the other tool, and where its files may be. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSource } from '../../../src/project/import/read-source.js';
import type { ImportTool } from '../../../src/project/import/tools.js';
import { makeFolder } from '../temporary.js';
import { read } from './read.js';

test('goose refuses statements that do not begin and end in one part', async () => {
  const [begin, end] = ['-- +goose StatementBegin', '-- +goose StatementEnd'];
  const { problems } = await read('goose', {
    '1_open.sql': `-- +goose Up\n${begin}\nSELECT 1;\n`,
    '2_before_down.sql': `-- +goose Up\n${begin}\nSELECT 1;\n-- +goose Down\n${end}\n`,
    '3_twice.sql': `-- +goose Up\n${begin}\n${begin}\nSELECT 1;\n${end}\n`,
    '4_end.sql': `-- +goose Up\nSELECT 1;\n${end}\n`,
    '5_end_twice.sql': `-- +goose Up\n${begin}\nSELECT 1;\n${end}\n${end}\n`,
    '6_pairs.sql': `-- +goose Up\n${begin}\nSELECT 1;\n-- +goose ENVSUB OFF\n${end}\n${begin}\nSELECT 2;\n${end}\n`,
  });
  expect(problems).toEqual([
    `1_open.sql:2:1 \`${begin}\` has no \`${end}\``,
    `2_before_down.sql:2:1 \`${begin}\` has no \`${end}\``,
    `3_twice.sql:2:1 \`${begin}\` has no \`${end}\``,
    `4_end.sql:3:1 \`${end}\` has no \`${begin}\``,
    `5_end_twice.sql:5:1 \`${end}\` has no \`${begin}\``,
  ]);
});

test('goose needs no semicolon before StatementEnd', async () => {
  const body = 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$';
  const { migrations, problems } = await read('goose', {
    '1_a.sql': `-- +goose Up\n-- +goose StatementBegin\n${body}\n-- +goose StatementEnd\nCREATE TABLE t (id int);\n-- +goose Down\nDROP TABLE t;\n-- +goose StatementBegin\nDROP FUNCTION f()\n-- +goose StatementEnd\n`,
    '2_b.sql': `-- +goose Up\n-- +goose StatementBegin\r\n${body};\r\n-- +goose StatementEnd\r\nSELECT 1;\n`,
  });
  expect(problems).toEqual([]);
  expect(migrations[0]?.up.text.replaceAll(/\s+/g, ' ').trim()).toBe(`${body} ; CREATE TABLE t (id int);`);
  expect(migrations[0]?.down?.text.replaceAll(/\s+/g, ' ').trim()).toBe('DROP TABLE t; DROP FUNCTION f() ;');
  expect(migrations[1]?.up.text.split(';')).toHaveLength(3);
});

test('a breakpoint of Drizzle ends a statement', async () => {
  const journal = { dialect: 'postgresql', entries: [{ tag: '0000_a', when: 1 }] };
  const { migrations } = await read('drizzle', {
    'meta/_journal.json': JSON.stringify(journal),
    '0000_a.sql':
      'CREATE TABLE a ()\n--> statement-breakpoint\nCREATE TABLE b ();--> statement-breakpoint\nSELECT 1;\n',
  });
  expect(migrations[0]?.up.text).toBe('CREATE TABLE a ()\n;\nCREATE TABLE b ();\nSELECT 1;\n');
});

test("Flyway's placeholders take no account of case", async () => {
  const [schema, type, other] = ['Schema', 'TYPE', 'other'].map((name) => `$\{${name}}`);
  const { migrations, problems } = await read(
    'flyway',
    { 'V1__a.sql': `CREATE TABLE ${schema}.t (a ${type});\nSELECT ${other};\n` },
    { placeholders: { schema: 'app', tYPE: 'int' } },
  );
  expect(migrations[0]?.up.text).toBe(`CREATE TABLE app.t (a int);\nSELECT ${other};\n`);
  expect(problems).toEqual([`V1__a.sql:2:8 the placeholder ${other} has no value`]);
});

test("dbmate's options count for their own direction", async () => {
  const { migrations, warnings } = await read('dbmate', {
    '1_a.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down transaction:false\nSELECT 2;\n',
    '2_b.sql': '-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n',
  });
  expect(migrations.map(({ noTransaction }) => noTransaction)).toEqual([false, true]);
  expect(warnings).toEqual([
    '2_b.sql:3:1 the rollback of 2_b.sql will run outside of a transaction, as its up part does',
  ]);
});

const journalOf = (tag: string) => JSON.stringify({ dialect: 'postgresql', entries: [{ tag, when: 1 }] });

const leads: readonly [ImportTool, string, Record<string, string>, string | undefined][] = [
  ['drizzle', 'a tag of the journal', { 'old/meta/_journal.json': journalOf('../secret') }, undefined],
  [
    'drizzle',
    'a tag that leads to nothing',
    { 'old/meta/_journal.json': journalOf('../../none') },
    undefined,
  ],
  [
    'sqitch',
    'a change',
    { 'old/sqitch.plan': '%project=p\n\n../../secret 2024-01-01T00:00:00Z A <a@b> # x\n' },
    undefined,
  ],
  ['flyway', 'a link', {}, 'V1__a.sql'],
  ['golang-migrate', 'a link', {}, '1_a.up.sql'],
  ['prisma', 'a link to a folder', {}, '20240101000000_a'],
];

test.each(leads)('%s: %s that leads out of the folder is not read', async (tool, _what, files, link) => {
  const root = makeFolder({
    'old/keep.txt': '',
    'secret.sql': 'SELECT 42;\n',
    'out/migration.sql': 'SELECT 42;\n',
    ...files,
  });
  if (link) symlinkSync(link.endsWith('.sql') ? '../secret.sql' : '../out', join(root, 'old', link));
  const { migrations, problems } = await readSource(tool, join(root, 'old'));
  expect(JSON.stringify(migrations)).not.toContain('SELECT 42');
  expect(problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('leads out of'));
});

test('a link that stays in the folder is followed', async () => {
  const root = makeFolder({ 'files/a.sql': 'SELECT 1;\n' });
  symlinkSync('files/a.sql', join(root, '1_a.up.sql'));
  writeFileSync(join(root, 'note.txt'), '');
  const { migrations, problems } = await readSource('golang-migrate', root);
  expect(problems).toEqual([]);
  expect(migrations).toHaveLength(1);
});
