/** Faults 25 to 27: a tracking table that is not Kat's, one in another schema, and a name that is an attack. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const migrations = { '1_users': { up: 'CREATE TABLE users ();', down: 'DROP TABLE users;' } };

function useTable(project: DatabaseProject, tableName: string): void {
  const name = JSON.stringify(tableName);
  project.write(
    'kat.conf.yaml',
    `migration:\n  tablename: ${name}\ndatabase:\n  url: ${project.database.url}\n`,
  );
}

/** Everything that a table of the user's has, with its rows. */
async function lookAt(project: DatabaseProject): Promise<unknown> {
  return project.database.query(
    `SELECT c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), c.relfilenode,
            (SELECT query_to_xml('SELECT * FROM migrations', true, true, '')::text) AS rows
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, a.attnum`,
  );
}

const strangers: readonly [what: string, sql: string, differences: readonly string[]][] = [
  [
    'of Laravel',
    "CREATE TABLE migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL); INSERT INTO migrations (migration, batch) VALUES ('2014_create_users', 1)",
    [
      'column name is missing',
      'column migration_time is missing',
      'column duration is missing',
      'column migration has no default, and Kat knows no value for it',
      'column batch has no default, and Kat knows no value for it',
    ],
  ],
  [
    'with other types',
    'CREATE TABLE migrations (id uuid, name text, migration_time date, duration text)',
    [
      'column id is uuid, not integer or bigint',
      'column migration_time is date, not timestamp without time zone or timestamp with time zone',
      'column duration is text, not integer or bigint or interval',
    ],
  ],
  ['that is a view', 'CREATE VIEW migrations AS SELECT 1 AS id', ['it is not a table']],
];

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each(strangers)('a table %s is refused and stays untouched', async (_what, sql, differences) => {
    const project = await projectOn(major, { migrations });
    await project.database.query(sql);
    const before = await lookAt(project);
    for (const command of ['up', 'status', 'down', 'up --dry-run']) {
      const run = await project.kat(command);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(
        /^Error: "public"\."migrations" exists, but it is not a tracking table of Kat\n/,
      );
      for (const difference of differences) expect(run.stderr).toContain(`\n${difference}\n`);
      expect(run.stderr).toMatch(/\b[Ss]et `migration\.tablename` to a name that is free/);
    }
    expect(await lookAt(project)).toEqual(before);
  });

  test('a table in another schema, and a name with capital letters', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA "Audit"');
    useTable(project, 'Audit.KatMigrations');
    expect((await project.kat('up')).code).toBe(0);
    const rows = 'SELECT name FROM "Audit"."KatMigrations"';
    expect(await project.database.query(rows)).toEqual([{ name: '1_users' }]);
    expect((await project.kat('status')).stdout).toContain('1 applied, 0 pending\n');
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply\n');
    expect((await project.kat('down')).code).toBe(0);
    expect(await project.database.query(rows)).toEqual([]);
    const tables = await project.database.query(
      "SELECT relnamespace::regnamespace::text || '.' || relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~* 'migrations' ORDER BY 1",
    );
    expect(tables).toEqual([{ name: '"Audit".KatMigrations' }, { name: '"Audit".KatMigrations_log' }]);
  });

  test('a schema that does not exist: how to create it', async () => {
    const project = await projectOn(major, { migrations });
    useTable(project, 'audit.migrations');
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Error: schema "audit" of the tracking table does not exist\n');
    expect(run.stderr).toContain('CREATE SCHEMA "audit"');
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'users'")).toEqual([]);
  });

  const attacks = [
    'x"; DROP TABLE precious; --',
    "x'; DROP TABLE precious; --",
    'a.b.c',
    'my table',
    '.',
    'x'.repeat(64),
  ];

  test('an event trigger that forbids DDL is the reason, and no advice on privileges follows', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query(`
      CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'DDL is frozen'; END $$;
      CREATE EVENT TRIGGER forbid ON ddl_command_start EXECUTE FUNCTION forbid()`);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('"migrations" cannot be created: DDL is frozen (SQLSTATE P0001)');
    expect(run.stderr).toContain('Remove the cause and run the command again; nothing was created.');
    expect(run.stderr).not.toContain('GRANT');
    await project.database.query('DROP EVENT TRIGGER forbid');
    expect((await project.kat('up')).code).toBe(0);
  });

  test.each(attacks)('the name %j is refused, in the file and in the environment', async (name) => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE TABLE precious ()');
    const byEnvironment = await project.kat('up', { env: { KAT_MIGRATION_TABLE_NAME: name } });
    useTable(project, name);
    for (const run of [byEnvironment, await project.kat('up'), await project.kat('status')]) {
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(`tablename ${JSON.stringify(name)} is not a valid table name\n`);
      expect(run.stderr).toContain('Use letters, digits, underscores and dashes');
    }
    const tables = await project.database.query(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    expect(tables).toEqual([{ relname: 'precious' }]);
  });
});
