/** Tools whose files are divided by comments of their own, or are programs. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../../src/project/import/read-source.js';
import { failureOf, makeFolder } from '../temporary.js';
import { edges, read } from './read.js';

describe('tern', () => {
  const divider = '---- create above / drop below ----';
  const alone = '---- tern: disable-tx ----';

  test('the mode of each part, and what is no migration', async () => {
    const told = await read('tern', {
      '2_b.sql': `${alone}\nSELECT 1;\n${divider}\nSELECT 2;\n`,
      '001_a.sql': `SELECT 1;\n${divider}\n${alone}\nSELECT 2;\n`,
      '3_c.sql': `${alone}\r\nSELECT 1;\n`,
      'shared/v.sql': 'SELECT 1;\n',
      'x.sql': '',
    });
    expect(edges(told)).toEqual(['1', '2 <- 1', '3 <- 2']);
    expect(told.migrations.map(({ noTransaction }) => noTransaction)).toEqual([false, true, false]);
    expect(told.migrations[0]?.down?.text).toBe(`${alone}\nSELECT 2;\n`);
    expect(told.migrations[2]).not.toHaveProperty('down');
    expect(told.warnings).toEqual([
      'x.sql:1:1 x.sql is left out: its name is not <number>_<name>.sql',
      '2_b.sql:3:1 the rollback of 2_b.sql will run outside of a transaction, as its up part does',
    ]);
  });

  test('templates: data has values, everything else is refused', async () => {
    const files = {
      '1_a.sql': 'CREATE TABLE {{ .prefix }}_a ();\nCREATE TABLE {{.other}} ();\n',
      '2_b.sql': '\n{{ template "shared/v.sql" . }}\n',
    };
    const told = await read('tern', files, { placeholders: { prefix: 'app' } });
    expect(told.migrations[0]?.up.text).toContain('CREATE TABLE app_a ();');
    expect(told.problems).toEqual([
      '1_a.sql:2:14 the placeholder {{.other}} has no value',
      '2_b.sql:2:1 this is a template of Go, which Kat does not evaluate',
    ]);
  });

  test.each([
    [['1_a.sql', '3_c.sql'], '3_c.sql:1:1 there is no migration 2 before 3_c.sql'],
    [['0_a.sql', '1_b.sql'], '0_a.sql:1:1 there is no migration 1 before 0_a.sql'],
    [['1_a.sql', '01_b.sql'], expect.stringContaining('have the same number or name')],
  ])('%j', async (names, problem) => {
    const told = await read('tern', Object.fromEntries(names.map((name) => [name, 'SELECT 1;\n'])));
    expect(told.problems).toEqual([problem]);
  });
});

test('refinery: both letters share the versions, and Rust is refused', async () => {
  const told = await read('refinery', {
    'V1__a.sql': 'SELECT 1;\n',
    'deep/U2__b.sql': 'SELECT 2;\n',
    'V10__c.sql': 'SELECT 3;\n',
    'V3__d.rs': '',
    'v4__e.sql': '',
    'V2__again.sql': '',
    'lib.rs': '',
  });
  expect(told.migrations.map(({ key }) => key)).toEqual(['1', '2', '2', '10']);
  expect(told.problems).toEqual([
    'V3__d.rs:1:1 V3__d.rs is written in Rust, which Kat cannot run',
    expect.stringContaining('have the same number or name'),
  ]);
  expect(told.warnings).toEqual([
    'v4__e.sql:1:1 v4__e.sql is left out: its name is not V<number>__<name>.sql',
  ]);
});

describe('atlas', () => {
  test('directives count at the top, divided from the first statement', async () => {
    const told = await read('atlas', {
      '1_a.sql': '-- atlas:nolint\n-- atlas:txmode none\n\nSELECT 1;\n',
      '2_b.sql': '-- atlas:txmode none\nSELECT 1;\n',
      '3_c.sql': 'SELECT 1;\n\n-- atlas:txmode none\n\nSELECT 2;\n',
      'down.txt': '',
    });
    expect(edges(told)).toEqual(['1', '2 <- 1', '3 <- 2']);
    expect(told.migrations.map(({ noTransaction }) => noTransaction)).toEqual([true, false, false]);
  });

  test.each([
    [
      '-- end',
      "SELECT '-- end' -- x\n-- end\nSELECT $$\n-- end$$;\n-- end\n",
      "SELECT '-- end' -- x\n;\nSELECT $$\n-- end$$;\n;\n",
    ],
    ['\\n\\n\\n', 'SELECT 1 -- one\n\n\nSELECT 2\n', 'SELECT 1 -- one\n;\n\nSELECT 2\n'],
    [';;', 'SELECT 1;;SELECT ";;" FROM a;;', 'SELECT 1;SELECT ";;" FROM a;'],
  ])('the delimiter %j ends a statement', async (delimiter, sql, expected) => {
    const line = `-- atlas:delimiter ${delimiter}\n`;
    const { migrations, problems } = await read('atlas', { '1_a.sql': line + sql });
    expect(problems).toEqual([]);
    expect(migrations[0]?.up.text.trimEnd()).toBe((line + expected).trimEnd());
  });

  test('a checkpoint is needed only where nothing is before it', async () => {
    const checkpoint = '-- atlas:checkpoint\n\nCREATE TABLE a ();\n';
    const files = { '2_all.sql': checkpoint, '3_b.sql': 'SELECT 1;\n' };
    expect(edges(await read('atlas', files))).toEqual(['2', '3 <- 2']);
    const told = await read('atlas', { '1_a.sql': 'SELECT 1;\n', ...files });
    expect(edges(told)).toEqual(['1', '3 <- 1']);
    expect(told.migrations[0]?.aliases).toEqual(['2']);
    expect(told.warnings[0]).toContain('2_all.sql is left out: it is a checkpoint');
  });

  test('an archive, and a sum that does not agree', async () => {
    const archive =
      '-- atlas:txtar\n\n-- checks.sql --\nSELECT true;\n\n-- migration.sql --\nSELECT 2;\n\n-- down.sql --\nSELECT -2;\n';
    const sum = 'h1:x=\n1_a.sql h1:5tYBKQWbzbdKtm0AUVHOAQWQ9MG8+9LDNgjJBWbB5nU=\n';
    const told = await read('atlas', { '1_a.sql': archive, 'atlas.sum': sum });
    expect(told.migrations[0]).toMatchObject({
      up: { text: 'SELECT 2;\n', line: 7 },
      down: { text: 'SELECT -2;\n' },
    });
    expect(told.warnings).toEqual([
      'atlas.sum:1:1 1_a.sql is not as atlas.sum has it: it was added or edited since',
      '1_a.sql:3:1 checks.sql of 1_a.sql is left out: Kat has no checks before a migration',
    ]);
  });
});

describe('graphile-migrate', () => {
  // The hash is that of a file in public.
  const first = '--! Previous: -\n--! Hash: sha1:a\n\nSELECT 1;\n';
  const known =
    '--! Previous: sha1:ceb7cca7a8dbc5cf7e8dc3bd61d1c533674b9549\n--! Hash: sha1:842391f36ad5bd4665c1a448e4a1c5ea002d8c3c\n\n-- Enter migration here\nalter table if exists "workout_plan"\nrename to "workout_plan_day";\n';

  test('hashes: what is missing is a problem, what was edited is told', async () => {
    const told = await read('graphile-migrate', {
      'committed/000001-a.sql': first.replace('sha1:a', 'sha1:ceb7cca7a8dbc5cf7e8dc3bd61d1c533674b9549'),
      'committed/000002.sql': known,
      'current.sql': 'SELECT 3;\n',
    });
    expect(edges(told)).toEqual(['000001.sql', '000002.sql <- 000001.sql']);
    expect(told.problems).toEqual([]);
    expect(told.warnings).toEqual([
      'current.sql:1:1 current.sql is left out: it is not committed',
      'committed/000001-a.sql:1:1 000001-a.sql was edited after it was committed: its hash is another one',
    ]);
    const alone = await read('graphile-migrate', { '000002.sql': known, '3.sql': 'SELECT 1;\n' });
    expect(alone.problems).toEqual([
      '3.sql:1:1 there is no line `--! Hash:`',
      expect.stringContaining('000002.sql follows sha1:ceb7cca7a8dbc5cf7e8dc3bd61d1c533674b9549'),
    ]);
  });

  test('placeholders', async () => {
    const files = {
      '000001.sql': first.replace(
        'SELECT 1;',
        "--! no-transaction\nGRANT a TO \":ROLE\";\nSELECT 1::TEXT, 'HH24:MI', :OTHER, ':DATABASE_NAME';",
      ),
    };
    const told = await read('graphile-migrate', files, { placeholders: { ':ROLE': 'ada' } });
    expect(told.migrations[0]).toMatchObject({ noTransaction: true, up: { line: 5 } });
    expect(told.migrations[0]?.up.text).toMatch(/^GRANT a TO "ada";\nSELECT 1::TEXT, 'HH24:MI', :OTHER/);
    expect(told.problems).toEqual(['000001.sql:6:37 the placeholder :DATABASE_NAME has no value']);
    expect(told.warnings).toContain('000001.sql:6:28 :OTHER has no value, and stays as it is');
  });
});

describe('liquibase', () => {
  const head = '--liquibase formatted sql\n';

  test('a rollback comment that is not closed would take other change sets along', async () => {
    const open = '--changeset ada:1\nSELECT 1;\n/* liquibase rollback\nSELECT 2;\n';
    const next = '--changeset ada:2\nSELECT 3;\n';
    const { problems } = await read('liquibase', {
      'a.sql': `${head}${open}${next}`,
      'b.sql': `${head}${open}*/\n${next}`,
    });
    expect(problems).toEqual(['a.sql:4:1 `/* liquibase rollback` has no `*/`']);
  });

  test('without a changelog all formatted files count, by their names', async () => {
    const told = await read('liquibase', {
      'b/2.sql': `${head}--changeset a:1\nSELECT 1;\n--changeset a:2\nSELECT 2;\n`,
      'a.sql': `${head}--changeset "Ada L":"x y" runInTransaction:false\nSELECT 1;\n`,
      'plain.sql': 'SELECT 1;\n',
    });
    expect(edges(told)).toEqual([
      'a.sql::x y::Ada L',
      'b/2.sql::1::a <- a.sql::x y::Ada L',
      'b/2.sql::2::a <- b/2.sql::1::a',
    ]);
    expect(told.migrations.map(({ noTransaction }) => noTransaction)).toEqual([true, false, false]);
    expect(told.warnings).toEqual([
      'plain.sql:1:1 plain.sql is left out: it does not begin with `--liquibase formatted sql`',
    ]);
  });

  test('changelogs give the order, and their own changesets are refused', async () => {
    const told = await read('liquibase', {
      'all.json':
        '{"databaseChangeLog": [{"include": {"file": "sub/one.xml"}}, {"includeAll": {"path": "more/"}}]}',
      'sub/one.xml':
        '<databaseChangeLog><include file="z.sql" relativeToChangelogFile="true"/>\n<changeSet id="1" author="x"/></databaseChangeLog>',
      'sub/z.sql': 'SELECT 1\n/\nSELECT 2;\n',
      'more/a.sql': `${head}--changeset a:1\nSELECT 1;\n`,
      'unused.sql': '',
    });
    expect(told.migrations.map(({ key }) => key)).toEqual(['sub/z.sql::raw::includeAll', 'more/a.sql::1::a']);
    expect(told.problems).toEqual(['sub/one.xml:2:1 sub/one.xml has changesets that are not SQL']);
    expect(told.warnings).toEqual(['unused.sql:1:1 unused.sql is left out: no changelog includes it']);
    const missing = await read('liquibase', {
      'c.yaml': 'databaseChangeLog:\n  - include:\n      file: ../x.sql\n',
    });
    expect(missing.problems).toContain('c.yaml:1:1 c.yaml includes ../x.sql, which is not in the folder');
  });

  test.each([
    ['', 'SELECT 1\n/\nSELECT 2\ngo\n', 'SELECT 1\n;\nSELECT 2\n;\n'],
    ['endDelimiter:/', 'SELECT 1/1\n/\nSELECT 2;\n', 'SELECT 1/1\n;\nSELECT 2;\n'],
    ['endDelimiter:#', "SELECT '#' #\nSELECT 2 #\n", "SELECT '#' ;\nSELECT 2 ;\n"],
    ['endDelimiter:\\n//\\s*\\n', 'SELECT 1\n//\nSELECT 2\n', 'SELECT 1\n;\nSELECT 2\n'],
    ['splitStatements:false', 'SELECT 1\n/\n2;\n', 'SELECT 1\n/\n2;\n'],
  ])('%s', async (attributes, sql, expected) => {
    const { migrations } = await read('liquibase', {
      'a.sql': `${head}--changeset a:1 ${attributes}\n${sql}`,
    });
    expect(migrations[0]?.up.text).toBe(expected);
  });

  test('what Kat does not do is told, and what is for others is left out', async () => {
    const told = await read('liquibase', {
      'a.sql': `${head}SELECT 0;
--property name:s value:app
--changeset a:1 context:test runOnChange:true failOnError:false
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT 1
SELECT \${S}, \${t};
--ignoreLines:1
SELECT ignored;
--rollback not required
--changeset a:2 dbms:!oracle,!mysql
SELECT 2;
--rollback changesetId:1 changesetAuthor:a
--changeset a:3 dbms:oracle
SELECT 3;
--changeset a:4 ignore:true
SELECT 4;
--changeset nameless
`,
    });
    expect(told.migrations.map(({ key }) => key)).toEqual(['a.sql::1::a', 'a.sql::2::a']);
    expect(told.migrations[0]).toMatchObject({ down: { text: 'SELECT;\n' } });
    expect(told.migrations[0]?.up.text).toBe(`SELECT app, \${t};\n`);
    expect(told.migrations[1]).not.toHaveProperty('down');
    expect(told.problems).toEqual(['a.sql:18:1 this line does not name a changeset']);
    expect(told.warnings).toEqual([
      `a.sql:7:14 $\{t} has no value, and stays as it is`,
      'a.sql:6:1 precondition-sql-check is left out: Kat has no equivalent',
      expect.stringContaining('the text before the first changeset is left out'),
      expect.stringContaining('a.sql is left out: changeset 3 is for oracle'),
      expect.stringContaining('a.sql is left out: changeset 4 is to be ignored'),
      'a.sql:4:1 changeset 1 runs with the context test only: Kat applies it everywhere',
      'a.sql:4:1 changeset 1 runs after each change: Kat applies it once',
      'a.sql:4:1 changeset 1 may fail: Kat stops at an error',
      'a.sql:11:1 the rollback of changeset 2 is another changeset, which Kat leaves out',
    ]);
  });
});

describe('programs', () => {
  test('of Knex are refused, with what to do', async () => {
    const told = await read('knex', {
      '20240101_a.js': 'exports.up = () => {};\n',
      '20240102_b.up.sql': 'SELECT 1;\n',
      '20240103_c.d.ts': '',
    });
    expect(told.migrations.map(({ key }) => key)).toEqual(['20240102_b']);
    expect(told.problems).toEqual(['20240101_a.js:1:1 20240101_a.js is a program, which Kat cannot run']);
  });

  const klass = (body: string) =>
    `import { MigrationInterface, QueryRunner } from "typeorm";\n\nexport class Users1704447000000 implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n${body}\n  }\n  async down() {}\n}\n`;

  test('of TypeORM are read where they run nothing but SQL', async () => {
    const body = `    // first\n    await queryRunner.query(\`CREATE TABLE "a" (\n      b text DEFAULT '\\\`\\u0041')\`);\n    await queryRunner.query("SELECT \\"x\\"",\n    );`;
    const told = await read('typeorm', { '1704447000000-users.ts': klass(body) });
    expect(told.problems).toEqual([]);
    expect(told.migrations).toEqual([
      expect.objectContaining({ key: 'Users1704447000000', name: 'Users', number: '1704447000000' }),
    ]);
    expect(told.migrations[0]?.up).toMatchObject({
      line: 6,
      text: `CREATE TABLE "a" (\n      b text DEFAULT '\`A')\n;SELECT "x"\n;\n`,
    });
  });

  test.each([
    ['a value in the text', 'await queryRunner.query(`DROP TABLE $' + '{name}`);'],
    ['parameters', "await queryRunner.query('SELECT $1', [1]);"],
    ['another method', "await queryRunner.dropTable('a');"],
    ['a condition', "if (x) await queryRunner.query('SELECT 1');"],
  ])('%s is refused', async (_what, body) => {
    const told = await read('typeorm', { '1-a.ts': klass(body) });
    expect(told.migrations).toEqual([]);
    expect(told.problems).toContain('1-a.ts:1:1 1-a.ts does more than to run SQL, which Kat cannot do');
  });
});

test.each(['prisma', 'graphile-migrate'] as const)(
  '%s: a folder below that leads out is not read',
  async (tool) => {
    const root = makeFolder({ 'out/1.sql': 'SELECT 42;\n', 'out/1_a/migration.sql': 'SELECT 42;\n' });
    mkdirSync(join(root, 'old'));
    symlinkSync('../out', join(root, 'old', tool === 'prisma' ? 'migrations' : 'committed'));
    const error = await failureOf(() => readSource(tool, join(root, 'old')));
    expect(error.message).toContain('leads out of');
  },
);

test('a tool without placeholders takes no value for one', async () => {
  const error = await failureOf(() => readSource('dbmate', makeFolder(), { placeholders: { a: 'b' } }));
  expect(error).toMatchObject({ code: 'USAGE', message: 'the files of dbmate have no placeholders' });
});
