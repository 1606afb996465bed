import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { edges, read } from './read.js';

describe('prisma', () => {
  const lock = (provider: string) => `# do not edit\nprovider = "${provider}"\n`;

  test('folders, from its own or the one above', async () => {
    const files = {
      'migration_lock.toml': lock('postgresql'),
      '0_init/migration.sql': 'SELECT 0;\n',
      '20240105093000_users/migration.sql': 'SELECT 1;\n',
    };
    const above = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`migrations/${path}`, text]),
    );
    for (const told of [
      await read('prisma', files),
      await read('prisma', { ...above, 'schema.prisma': '' }),
    ]) {
      expect(edges(told)).toEqual(['0_init', '20240105093000_users <- 0_init']);
      expect(told.migrations[1]).toMatchObject({ name: 'users', number: '20240105093000' });
      expect(told.problems).toEqual([]);
    }
  });

  test('another database, and a folder without its file', async () => {
    const told = await read('prisma', { 'migration_lock.toml': lock('mysql'), '1_a/note.txt': '' });
    expect(told.problems).toEqual([
      'migration_lock.toml:2:1 these migrations are for mysql, not for PostgreSQL',
      'cannot read /1_a/migration.sql: it does not exist',
    ]);
  });
});

describe('drizzle', () => {
  const journal = (entries: object[], dialect = 'postgresql') =>
    JSON.stringify({ version: '7', dialect, entries });

  test('the journal says what there is, and in which order', async () => {
    const told = await read('drizzle', {
      'meta/_journal.json': journal([
        { idx: 0, tag: '0000_b', when: 1704447000123, breakpoints: true },
        { idx: 1, tag: '0001_a', when: 1704447000122, breakpoints: true },
      ]),
      '0000_b.sql': 'SELECT 1;--> statement-breakpoint\nSELECT 2;\n--> statement-breakpoint\nSELECT 3;\n',
      '0001_a.sql': 'SELECT 4;',
      '0002_c.sql': 'SELECT 5;',
    });
    expect(edges(told)).toEqual(['0000_b', '0001_a <- 0000_b']);
    expect(told.migrations[0]).toMatchObject({
      name: 'b',
      up: { text: 'SELECT 1;\nSELECT 2;\n\nSELECT 3;\n' },
    });
    const hash = createHash('sha256').update('SELECT 4;').digest('hex');
    expect(told.migrations[1]?.aliases).toEqual([
      `when 1704447000122 hash ${hash}`,
      'when 1704447000122',
      `hash ${hash}`,
    ]);
    expect(told.warnings).toEqual([
      '0002_c.sql:1:1 0002_c.sql is left out: meta/_journal.json does not list it',
    ]);
  });

  test('a journal that is none, of another database, or without its files', async () => {
    expect((await read('drizzle', { 'meta/_journal.json': '{' })).problems).toEqual([
      'meta/_journal.json:1:1 this is not a journal of Drizzle Kit',
    ]);
    expect((await read('drizzle', { 'meta/_journal.json': journal([], 'sqlite') })).problems).toEqual([
      'meta/_journal.json:1:1 these migrations are for sqlite, not for PostgreSQL',
    ]);
    expect(
      (await read('drizzle', { 'meta/_journal.json': journal([{ tag: '0000_a', when: 1 }]) })).problems,
    ).toEqual(['cannot read /0000_a.sql: it does not exist']);
  });

  test('folders of version 1 follow what their snapshots were made from', async () => {
    const none = '00000000-0000-0000-0000-000000000000';
    const snapshot = (id: string, ...prevIds: string[]) => JSON.stringify({ id, prevIds });
    const told = await read('drizzle', {
      '20240105093000_a/migration.sql': '',
      '20240105093000_a/snapshot.json': snapshot('A', none),
      '20240105093001_b/migration.sql': '',
      '20240105093001_b/snapshot.json': snapshot('B', 'A'),
      '20240105093002_c/migration.sql': '',
      '20240105093002_c/snapshot.json': snapshot('C', 'A'),
      '20240105093003_d/migration.sql': '',
      '20240105093003_d/snapshot.json': snapshot('D', 'B', 'C'),
      '20240105093004_e/migration.sql': '',
    });
    expect(edges(told).map((edge) => edge.replace(/\d+_/g, ''))).toEqual([
      'a',
      'b <- a',
      'c <- a',
      'd <- b c',
      'e <- d',
    ]);
    expect(told.migrations[1]?.aliases?.[1]).toBe('when 1704447001000');
  });
});

describe('sqitch', () => {
  const planned = '2024-01-05T09:30:00Z Ada Lovelace <ada@example.com>';
  const scripts = (...names: string[]) =>
    Object.fromEntries(names.flatMap((name) => [[`deploy/${name}.sql`, `SELECT '${name}';\n`]]));

  test('what is required becomes edges; tags and reworked changes are understood', async () => {
    const told = await read('sqitch', {
      'sqitch.plan': [
        '%syntax-version=1.0.0',
        '%project=shop',
        '',
        `a ${planned} # The first\\nof all`,
        `b [a] ${planned}`,
        `@v1 ${planned} # Tag`,
        '# a comment',
        `c [b !old other:thing @v1] ${planned} # C`,
        `a [a@v1] ${planned} # Again`,
        `d [a shop:c] ${planned}`,
        '',
      ].join('\n'),
      ...scripts('a', 'a@v1', 'b', 'c', 'd'),
      'revert/b.sql': 'SELECT -1;\n',
    });
    expect(told.problems).toEqual([]);
    expect(edges(told)).toEqual([
      'shop:a',
      'shop:b <- shop:a',
      'shop:c <- shop:b',
      'shop:a@2 <- shop:a',
      'shop:d <- shop:a@2 shop:c',
    ]);
    expect(told.migrations[0]).toMatchObject({
      up: { text: "SELECT 'a@v1';\n" },
      description: 'The first of all',
      number: '20240105093000',
    });
    expect(told.migrations[1]).toMatchObject({ down: { text: 'SELECT -1;\n' } });
    expect(told.migrations[3]).toMatchObject({ up: { text: "SELECT 'a';\n" }, name: 'a@2' });
    expect(told.warnings).toEqual([
      'sqitch.plan:8:6 c conflicts with old: Kat has no such declaration and ignores it',
      'sqitch.plan:8:11 c requires other:thing, of another project: Kat ignores this',
    ]);
  });

  test('the project has a name, because a registry may hold several', async () => {
    const { problems } = await read('sqitch', { 'sqitch.plan': `a ${planned}\n`, ...scripts('a') });
    expect(problems).toEqual(['sqitch.plan:1:1 the plan does not name its project']);
    expect((await read('sqitch', { 'sql/sqitch.plan': '%project=shop' })).problems).toEqual([
      'sqitch.plan:1:1 there is no sqitch.plan in ',
    ]);
  });

  test('what cannot be read is refused with its line', async () => {
    const told = await read('sqitch', {
      'sqitch.plan': `%project=shop\na [b] ${planned}\nnot a change\n-b ${planned}\nc ${planned}\n`,
      ...scripts('a'),
    });
    expect(told.problems).toEqual([
      'sqitch.plan:3:1 Kat cannot parse this line of the plan',
      'sqitch.plan:4:1 Kat cannot parse this line of the plan',
      'sqitch.plan:2:4 a requires b, which is not before it in the plan',
      'cannot read /deploy/c.sql: it does not exist',
    ]);
  });
});

describe('alembic', () => {
  const head = 'BEGIN;\n\nCREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL\n);\n\n';

  test("branches and merges, without Alembic's own statements", async () => {
    const told = await read('alembic', {
      'upgrade.sql': `${head}-- Running upgrade  -> a1

CREATE PROCEDURE p() LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
END $$;

INSERT INTO alembic_version (version_num) VALUES ('a1') RETURNING alembic_version.version_num;

-- Running upgrade a1 -> b2

COMMIT;

CREATE INDEX CONCURRENTLY i ON t (x);

BEGIN;

UPDATE alembic_version SET version_num='b2' WHERE alembic_version.version_num = 'a1';

COMMIT;

BEGIN;

-- Running upgrade a1 -> c3

INSERT INTO app.alembic_version (version_num) VALUES ('c3');

-- Running upgrade b2, c3 -> d4

SELECT 4;

DELETE FROM alembic_version WHERE alembic_version.version_num = 'b2';

COMMIT;
`,
      'downgrade.sql':
        '-- Running downgrade d4 -> b2, c3\n\nSELECT -4;\n\n-- Running downgrade b2 -> a1\n\nCOMMIT;\n',
      'versions/c3_make_tags.py': '',
    });
    expect(edges(told)).toEqual(['a1', 'b2 <- a1', 'c3 <- a1', 'd4 <- b2 c3']);
    expect(told.migrations.map(({ up }) => up.text.replace(/\n+/g, '|'))).toEqual([
      'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$|BEGIN|  COMMIT;|END $$;|',
      '|CREATE INDEX CONCURRENTLY i ON t (x);|',
      '',
      'SELECT 4;|',
    ]);
    expect(told.migrations.map(({ noTransaction }) => noTransaction)).toEqual([false, true, false, false]);
    expect(told.migrations.map(({ name }) => name)).toEqual(['a1', 'b2', 'make_tags', 'd4']);
    expect(told.migrations.map(({ down }) => down?.text)).toEqual([
      undefined,
      undefined,
      undefined,
      'SELECT -4;\n',
    ]);
  });

  test('what a revision depends on beside its parents is in its file', async () => {
    const told = await read('alembic', {
      'upgrade.sql':
        '-- Running upgrade  -> a1\n\n-- Running upgrade  -> b2\n\n-- Running upgrade b2 -> c3\n',
      'versions/c3_join.py':
        "down_revision: Union[str, None] = 'b2'\ndepends_on: Union[str, None] = (\n    'a1', 'b2', 'zz',\n)\n",
      'versions/b2_other.py': 'depends_on = None\n',
    });
    expect(edges(told)).toEqual(['a1', 'b2', 'c3 <- b2 a1']);
  });

  test('a part of the history is refused', async () => {
    const told = await read('alembic', {
      'a.sql': 'SELECT 1;\n\n-- Running upgrade a1 -> b2\n\n-- Running upgrade b2 -> b2\n',
    });
    expect(told.problems).toEqual([
      'a.sql:3:1 b2 follows a1, which is not before it',
      'a.sql:6:1 b2 and b2 have the same number or name, so the other tool reads them as one migration',
    ]);
  });
});
