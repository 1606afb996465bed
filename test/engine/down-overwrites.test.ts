/** A rollback asks before it takes values away without dropping a column or emptying a table by name. */
import { describe, expect, test } from 'vitest';
import type { Kat } from '../../src/index.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

interface Opened {
  project: DatabaseProject;
  kat: Kat;
}

/** Applies a migration, and then does what an application does. */
async function openWith(
  major: number,
  {
    before = '',
    up,
    down,
    meanwhile = '',
  }: { before?: string; up: string; down: string; meanwhile?: string },
): Promise<Opened> {
  const project = await projectOn(major, { migrations: { '1_first': { up, down } } });
  const { kat } = openKat(project);
  if (before !== '') await project.database.query(before);
  await kat.up();
  if (meanwhile !== '') await project.database.query(meanwhile);
  return { project, kat };
}

async function expectAsked({ kat, project }: Opened, because: string): Promise<void> {
  expect(await failureOf(kat.down())).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`rolling back 1_first ${because}: this requires confirmation`),
  });
  expect(await project.applied()).toEqual(['1_first']);
  expect(idsOf((await kat.down({ confirm: () => true })).migrations)).toEqual(['1_first']);
}

const users = `CREATE TYPE person AS (first text, last text);
  CREATE TABLE users (id int, email text, n numeric(10, 4), at timestamptz, who person, tags text[]);
  INSERT INTO users VALUES (1, 'ada@example.org', 1.2345, '2024-01-02 03:04:05+00', ('Ada', 'Byron'), '{a,b}');`;

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    ['by NULL', 'UPDATE users SET email = NULL;', 'email'],
    ['by NULL in one field', 'UPDATE users SET who.last = NULL;', 'who'],
    ['by a literal in one element', "UPDATE users SET tags[1] = 'x';", 'tags'],
    ['by a literal in a slice', "UPDATE users SET tags[1:2] = '{x,y}';", 'tags'],
    ['by NULL where there is a value', 'UPDATE users SET email = NULL WHERE email IS NOT NULL;', 'email'],
    ['by a literal', "UPDATE users SET email = 'none' WHERE true;", 'email'],
    [
      'by a literal where another value is',
      "UPDATE users SET email = 'none' WHERE email IS DISTINCT FROM 'none';",
      'email',
    ],
    ['by DEFAULT', 'UPDATE users SET email = DEFAULT;', 'email'],
    ['by the only row of VALUES', "UPDATE users SET email = u.v FROM (VALUES ('none')) u (v);", 'email'],
    ['by that row, without names', "UPDATE users SET email = column2 FROM (VALUES (1, 'none')) u;", 'email'],
    ['in a block', 'DO $$ BEGIN IF true THEN UPDATE users SET email = NULL; END IF; END $$;', 'email'],
    ['in a query', 'WITH u AS (UPDATE users SET email = NULL RETURNING *) SELECT count(*) FROM u;', 'email'],
    ['in a function', 'SELECT forget();', 'email'],
    ['through a view', 'UPDATE mails SET email = NULL;', 'email'],
    ['through a view of a view', 'UPDATE all_mails SET email = NULL;', 'email'],
    [
      'after a rename',
      'ALTER TABLE users RENAME email TO mail; UPDATE users SET mail = NULL; ALTER TABLE users RENAME mail TO email;',
      'email',
    ],
    ['by a type with no value', 'ALTER TABLE users ALTER email TYPE int USING NULL;', 'email'],
    ['by a constant of another type', "ALTER TABLE users ALTER email TYPE int USING '1'::int;", 'email'],
    [
      'by a cast to fewer characters',
      'ALTER TABLE users ALTER email TYPE varchar(3) USING email::varchar(3);',
      'email',
    ],
    ['by a cast on the way', 'ALTER TABLE users ALTER email TYPE text USING email::char(3)::text;', 'email'],
    ['by a type with fewer digits', 'ALTER TABLE users ALTER n TYPE numeric(10, 2);', 'n'],
    ['by a whole number', 'ALTER TABLE users ALTER COLUMN n SET DATA TYPE int;', 'n'],
    ['by a day without its time', 'ALTER TABLE users ALTER at TYPE date;', 'at'],
    ['by a type without a way back', 'ALTER TABLE users ALTER at TYPE time USING at::time;', 'at'],
  ])('values that are overwritten %s are asked about', async (_name, down, column) => {
    const opened = await openWith(major, {
      before: `${users}
        CREATE VIEW mails AS SELECT id, email FROM users;
        CREATE VIEW all_mails AS SELECT email FROM mails;
        CREATE FUNCTION forget() RETURNS void LANGUAGE sql AS 'UPDATE users SET email = NULL';`,
      up: 'SELECT 1;',
      down: down.includes('mails') || down.includes('forget') ? down : `DROP VIEW mails CASCADE; ${down}`,
    });
    await expectAsked(opened, `overwrites or cuts values of public.users.${column}`);
  });

  test.each([
    ['values that are kept', 'UPDATE users SET id = id + 1;', ''],
    ['rows that are named', 'UPDATE users SET email = NULL WHERE id = 1;', ''],
    [
      'rows that VALUES names',
      "UPDATE users SET email = u.v FROM (VALUES (1, 'x')) u (k, v) WHERE u.k = id;",
      '',
    ],
    ['a column without values', 'UPDATE users SET email = NULL;', 'UPDATE users SET email = NULL'],
    ['the value that is there', "UPDATE users SET email = 'x';", "UPDATE users SET email = 'x'"],
    [
      'values that move in the statement',
      'ALTER TABLE users ADD mail text; UPDATE users SET mail = email, email = NULL;',
      '',
    ],
    [
      'values that moved before',
      'CREATE TABLE mails AS SELECT id, email FROM users; UPDATE users SET email = NULL;',
      '',
    ],
    ['a column that the rollback makes', "ALTER TABLE users ADD c text; UPDATE users SET c = 'x';", ''],
    ['a cast that keeps all', 'ALTER TABLE users ALTER email TYPE varchar(50) USING email::varchar(50);', ''],
    ['a wider type', 'ALTER TABLE users ALTER id TYPE bigint;', ''],
    ['a type that keeps these values', 'ALTER TABLE users ALTER n TYPE int;', 'UPDATE users SET n = 3'],
    ['a field by another', 'UPDATE users SET who.last = (who).first;', ''],
    ['an element by another', 'UPDATE users SET tags[1] = tags[2];', ''],
    ['a calculation', 'ALTER TABLE users ALTER id TYPE int USING id * 100;', ''],
    ['texts that are read', 'ALTER TABLE users ALTER email TYPE int USING length(email);', ''],
  ])('what loses nothing is not asked about: %s', async (_name, down, meanwhile) => {
    const { kat } = await openWith(major, { before: users, up: 'SELECT 1;', down, meanwhile });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  test('values that the migration gave itself come back with it, those of others do not', async () => {
    const fill = {
      up: "UPDATE users SET email = 'none' WHERE id = 1;",
      down: 'UPDATE users SET email = NULL;',
    };
    const { kat } = await openWith(major, { before: users, ...fill });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
    const others = await openWith(major, {
      ...{ before: users, ...fill },
      meanwhile: "INSERT INTO users VALUES (2, 'bob@example.org')",
    });
    await expectAsked(others, 'overwrites or cuts values of public.users.email');
    const changing = await openWith(major, {
      before: users,
      up: 'UPDATE users SET email = lower(email);',
      down: 'UPDATE users SET email = NULL;',
    });
    await expectAsked(changing, 'overwrites or cuts values of public.users.email');
    const besides = await openWith(major, {
      before: users,
      up: 'UPDATE users SET n = 1;',
      down: 'UPDATE users SET email = NULL;',
    });
    await expectAsked(besides, 'overwrites or cuts values of public.users.email');
  });

  test.each([
    ['of the type itself', 'address', "'(Main,1)'", '.zip'],
    ['in an array', 'address[]', `'{"(Main,1)"}'`, ''],
    ['in another type', 'letter', `ROW('(Main,1)', 'x')`, ''],
    ['of a domain', 'home', "'(Main,1)'", ''],
  ])('an attribute with values in a column %s is asked about', async (_name, type, value, part) => {
    const types = `CREATE TYPE address AS (street text, zip text); CREATE TYPE letter AS (receiver address, body text);
      CREATE DOMAIN home AS address; CREATE TABLE users (id int, place ${type});`;
    const down = 'ALTER TYPE address DROP ATTRIBUTE zip;';
    const empty = await openWith(major, { before: types, up: 'SELECT 1;', down });
    expect(idsOf((await empty.kat.down()).migrations)).toEqual(['1_first']);
    const filled = await openWith(major, {
      before: `${types} INSERT INTO users VALUES (1, ${value});`,
      up: 'SELECT 1;',
      down,
    });
    await expectAsked(filled, `drops public.users.place${part}, which holds values`);
  });

  test('an attribute without values is not asked about', async () => {
    const { kat } = await openWith(major, {
      before: `CREATE TYPE address AS (street text, zip text); CREATE TABLE users (place address);
        INSERT INTO users VALUES ('(Main,)');`,
      up: 'SELECT 1;',
      down: 'ALTER TYPE address DROP ATTRIBUTE zip;',
    });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  test('a table of the type loses its column', async () => {
    const opened = await openWith(major, {
      before: `CREATE TYPE address AS (street text, zip text); CREATE TABLE places OF address;
        INSERT INTO places VALUES ('Main', '1');`,
      up: 'SELECT 1;',
      down: 'ALTER TYPE address DROP ATTRIBUTE zip CASCADE;',
    });
    await expectAsked(opened, 'drops public.places.zip, which holds values');
  });

  test('rows that go with those of another table are asked about, and references that are forgotten', async () => {
    const opened = await openWith(major, {
      up: 'CREATE TABLE roles (id int PRIMARY KEY); INSERT INTO roles VALUES (1);',
      down: 'DELETE FROM roles;',
      meanwhile: `CREATE TABLE members (id int, role int REFERENCES roles ON DELETE CASCADE); INSERT INTO members VALUES (7, 1);
        CREATE TABLE guests (id int, role int REFERENCES roles ON DELETE SET NULL); INSERT INTO guests VALUES (7, 1);`,
    });
    await expectAsked(
      opened,
      'drops or empties public.members, which holds rows, and overwrites or cuts values of public.guests.role',
    );
  });

  const two = `CREATE TABLE notes (id int, text text, n numeric, tags text[], at timestamptz, data jsonb);
    INSERT INTO notes VALUES (1, 'abc', 12, '{a,b}', '2024-01-02 03:04:05+00', '{"a": 1}'), (2, 'abd', 150, '{a,c}', '2024-05-06 07:08:09+00', '{"a": 1, "b": 2}');`;

  test.each([
    ['text', 'char(1) USING left(text, 1)'],
    ['text', 'varchar(2) USING substring(text FROM 1 FOR 2)'],
    ['text', "text USING nullif(text, 'abc')"],
    ['text', "text USING CASE WHEN text = 'x' THEN text ELSE 'other' END"],
    ['text', 'int USING length(notes.text)'],
    ['n', 'boolean USING n > 0'],
    ['n', 'int USING (n / -1000)::int'],
    ['tags', 'text USING tags[1]'],
    ['at', "text USING to_char(at, 'YYYY')"],
    ['data', "text USING data ->> 'a'"],
  ])('values of %s that become the same, or nothing, are asked about: %s', async (column, type) => {
    const down = `ALTER TABLE notes ALTER ${column} TYPE ${type};`;
    const opened = await openWith(major, { before: two, up: 'SELECT 1;', down });
    await expectAsked(opened, `overwrites or cuts values of public.notes.${column}`);
  });

  test.each([
    ['text', "text USING substr(text, 3) || 'x'"],
    ['text', 'text USING upper(text)'],
    ['n', 'numeric USING n * 100'],
    ['text', "text USING coalesce(text, '')"],
    ['tags', "text USING array_to_string(tags, ',')"],
    ['at', "timestamp USING at AT TIME ZONE 'UTC'"],
    ['text', 'text USING id || left(text, 1)'],
    ['text', 'text USING own(text)'],
  ])('values of %s that stay apart are not asked about: %s', async (column, type) => {
    const own = "CREATE FUNCTION own(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT 1::text'";
    const down = `ALTER TABLE notes ALTER ${column} TYPE ${type};`;
    const { kat } = await openWith(major, { before: `${two} ${own}`, up: 'SELECT 1;', down });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  const referring = `CREATE TABLE roles (id int PRIMARY KEY, name text UNIQUE); INSERT INTO roles VALUES (1, 'admin'), (2, 'guest');
    CREATE TABLE members (id int, role int REFERENCES roles ON DELETE CASCADE);
    CREATE TABLE titles (id int, role text DEFAULT 'guest' REFERENCES roles (name) ON DELETE SET DEFAULT);
    CREATE VIEW all_roles AS SELECT name, id AS number FROM roles;`;
  const admins = "INSERT INTO members VALUES (7, 1); INSERT INTO titles VALUES (7, 'admin');";

  test.each([
    ['by the key', 'DELETE FROM roles WHERE id = 1;'],
    ['by another column', "DELETE FROM ONLY roles r WHERE r.name IN ('admin', 'owner') AND id < 10;"],
    ['by a condition that Kat cannot read', "DELETE FROM roles WHERE name LIKE 'adm%';"],
    ['in a block', 'DO $$ BEGIN DELETE FROM roles WHERE id = 1; END $$;'],
    ['through a view', 'DELETE FROM all_roles WHERE number = 1;'],
    ['of another source', 'DELETE FROM roles USING (SELECT 1 AS id) s WHERE s.id = roles.id;'],
  ])('rows that refer to some rows are asked about: %s', async (_name, down) => {
    const opened = await openWith(major, { before: `${referring} ${admins}`, up: 'SELECT 1;', down });
    await expectAsked(
      opened,
      'deletes rows of public.members with the rows they refer to, and overwrites or cuts values of public.titles.role',
    );
  });

  test.each([
    [
      'rows that refer to others',
      referring,
      "INSERT INTO members VALUES (7, 2); INSERT INTO titles VALUES (7, 'guest');",
      '',
    ],
    ['tables without rows', referring, '', ''],
    [
      'rows that the rollback deletes itself',
      referring,
      'INSERT INTO members VALUES (7, 1)',
      'DELETE FROM members WHERE role = 1;',
    ],
    ['references that forbid it', referring.replaceAll(/ON DELETE (CASCADE|SET DEFAULT)/g, ''), '', ''],
  ])('a deletion of some rows is not asked about for %s', async (_name, before, meanwhile, first) => {
    const down = `${first} DELETE FROM roles WHERE id = 1;`;
    const { kat } = await openWith(major, { before, up: 'SELECT 1;', down, meanwhile });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  test('rows that refer and were written by the migration itself come back with it', async () => {
    const { kat } = await openWith(major, {
      before: referring,
      up: `INSERT INTO roles VALUES (3, 'owner'); INSERT INTO members VALUES (7, 3);`,
      down: 'DELETE FROM roles WHERE id = 3;',
    });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  const chained = `CREATE TABLE plans (id int PRIMARY KEY); INSERT INTO plans VALUES (1);
    CREATE TABLE prices (id int PRIMARY KEY, plan int REFERENCES plans ON DELETE CASCADE);
    CREATE TABLE orders (id int, price int REFERENCES prices ON DELETE CASCADE);
    CREATE TABLE places (id int PRIMARY KEY, within int REFERENCES places ON DELETE CASCADE);`;
  const seeds = 'INSERT INTO plans VALUES (2); INSERT INTO prices VALUES (20, 2);';
  const tree = 'INSERT INTO places VALUES (1, NULL), (2, 1), (3, 2);';

  test.each([
    ['orders', seeds, 'DELETE FROM plans WHERE id = 2;', 'INSERT INTO orders VALUES (7, 20);'],
    ['places', tree, 'DELETE FROM places WHERE id = 1;', 'INSERT INTO places VALUES (4, 3);'],
  ])('%s of others that refer to rows which go along are asked about', async (table, up, down, meanwhile) => {
    const opened = await openWith(major, { before: chained, up, down, meanwhile });
    await expectAsked(opened, `deletes rows of public.${table} with the rows they refer to`);
  });

  test.each([
    [
      'orders',
      seeds,
      'DELETE FROM plans WHERE id = 2;',
      'INSERT INTO prices VALUES (10, 1); INSERT INTO orders VALUES (7, 10);',
    ],
    [
      'places',
      tree,
      'DELETE FROM places WHERE id = 1;',
      'INSERT INTO places VALUES (11, NULL), (12, 11), (13, 12);',
    ],
  ])('%s that refer to rows which stay are not asked about', async (_table, up, down, meanwhile) => {
    const { kat } = await openWith(major, { before: chained, up, down, meanwhile });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
  });

  test.each([
    ['of all pairs', 'MERGE INTO users USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE;', 15],
    [
      'of what the source lacks',
      'MERGE INTO users u USING (SELECT 9 AS id) s ON u.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;',
      17,
    ],
    ['DELETE with another table', 'DELETE FROM users USING (SELECT 1) s;', 14],
  ])('rows that go by MERGE %s are asked about', async (_name, down, since) => {
    if (major < since) return;
    const opened = await openWith(major, { before: users, up: 'SELECT 1;', down });
    await expectAsked(opened, 'drops or empties public.users, which holds rows');
  });

  test('a sequence that gave numbers to nobody knows whom is asked about', async () => {
    const migration = { up: 'CREATE SEQUENCE bills;', down: 'DROP SEQUENCE bills;' };
    const { kat } = await openWith(major, migration);
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_first']);
    const used = await openWith(major, { ...migration, meanwhile: "SELECT nextval('bills')" });
    await expectAsked(used, 'drops public.bills, which has given out numbers');
    const ofColumn = await openWith(major, {
      up: 'CREATE TABLE users (id int); CREATE SEQUENCE numbers; ALTER TABLE users ALTER id SET DEFAULT nextval($$numbers$$);',
      down: 'DROP SEQUENCE numbers CASCADE; DROP TABLE users;',
      meanwhile: "SELECT nextval('numbers')",
    });
    expect(idsOf((await ofColumn.kat.down()).migrations)).toEqual(['1_first']);
  });
});
