/** What Kat says is recorded is recorded: whatever keeps or changes a row makes the migration fail, and takes it back. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { column, failureOf, idsOf, openKat } from './library.js';

function trigger(table: string, timing: string, body: string): string {
  return `CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
    CREATE TRIGGER meddle ${timing} ON ${table} FOR EACH ROW EXECUTE FUNCTION meddle()`;
}

/** The same at the end of the transaction, behind everything that Kat sends before COMMIT. */
function deferred(table: string, event: string, body: string): string {
  return trigger(table, `AFTER ${event}`, `${body} RETURN NULL;`).replace(
    /CREATE TRIGGER(.*) FOR/,
    'CREATE CONSTRAINT TRIGGER$1 DEFERRABLE INITIALLY DEFERRED FOR',
  );
}

const ledgerRow = 'the tracking table did not take exactly the row of 2_t2';
const logEntry = 'the log "public"."migrations_log" did not take the entry of 2_t2 as it was written';

const otherRows = 'other rows of the tracking table or its log were added, changed or deleted';

/** What is done to the tables, and how `up` fails. */
const onUp: readonly [what: string, sql: string, message: string][] = [
  ['swallows the row', trigger('migrations', 'BEFORE INSERT', 'RETURN NULL;'), ledgerRow],
  [
    'takes the row away again',
    trigger('migrations', 'AFTER INSERT', 'DELETE FROM migrations WHERE id = NEW.id; RETURN NULL;'),
    ledgerRow,
  ],
  ['renames the row', trigger('migrations', 'BEFORE INSERT', "NEW.name := 'x'; RETURN NEW;"), ledgerRow],
  [
    'falsifies the duration',
    trigger('migrations', 'BEFORE INSERT', 'NEW.duration := 1000000; RETURN NEW;'),
    ledgerRow,
  ],
  ['swallows the entry', trigger('migrations_log', 'BEFORE INSERT', 'RETURN NULL;'), logEntry],
  [
    'loses the way back',
    trigger('migrations_log', 'BEFORE INSERT', "NEW.down_sql := ''; RETURN NEW;"),
    logEntry,
  ],
  [
    'falsifies the checksum',
    trigger('migrations_log', 'AFTER INSERT', "UPDATE migrations_log SET checksum = 'x'; RETURN NULL;"),
    logEntry,
  ],
  [
    'takes the row away at COMMIT',
    deferred('migrations', 'INSERT', 'DELETE FROM migrations WHERE id = NEW.id;'),
    ledgerRow,
  ],
  [
    'takes the row away at COMMIT, for an entry of the log',
    deferred('migrations_log', 'INSERT', 'DELETE FROM migrations WHERE name = NEW.migration;'),
    ledgerRow,
  ],
  [
    'takes the entry away at COMMIT',
    deferred('migrations_log', 'INSERT', 'DELETE FROM migrations_log WHERE id = NEW.id;'),
    logEntry,
  ],
  [
    'takes other rows away',
    trigger('migrations', 'AFTER INSERT', 'DELETE FROM migrations WHERE id <> NEW.id; RETURN NULL;'),
    otherRows,
  ],
  [
    'renames other rows at COMMIT',
    deferred('migrations', 'INSERT', "UPDATE migrations SET name = 'x' WHERE id <> NEW.id;"),
    otherRows,
  ],
  [
    'takes other rows away by a rule, for an entry of the log',
    "CREATE RULE r AS ON INSERT TO migrations_log DO ALSO DELETE FROM migrations WHERE name = '1_t1'",
    otherRows,
  ],
  [
    'takes older entries away',
    trigger('migrations_log', 'AFTER INSERT', 'DELETE FROM migrations_log WHERE id < NEW.id; RETURN NULL;'),
    otherRows,
  ],
  [
    'adds rows of other migrations',
    trigger(
      'migrations_log',
      'AFTER INSERT',
      "INSERT INTO migrations (name, duration) VALUES ('3_t3', 1); RETURN NULL;",
    ),
    otherRows,
  ],
  ['keeps entries by a rule', 'CREATE RULE r AS ON INSERT TO migrations_log DO INSTEAD NOTHING', logEntry],
];

const putBack = 'INSERT INTO migrations (name, duration) VALUES (OLD.name, OLD.duration);';

const onDown: readonly [what: string, sql: string][] = [
  ['a trigger', trigger('migrations', 'BEFORE DELETE', 'RETURN NULL;')],
  ['a trigger that puts it back', trigger('migrations', 'AFTER DELETE', `${putBack} RETURN NULL;`)],
  ['a trigger that puts it back at COMMIT', deferred('migrations', 'DELETE', putBack)],
];

const otherLedger = `CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL UNIQUE,
  migration_time timestamp NOT NULL DEFAULT now(), duration int NOT NULL)`;

/** What a migration may not do, as only Kat writes into the tracking table. */
const ofMigration: readonly [what: string, sql: string][] = [
  ['deletes rows', "DELETE FROM migrations WHERE name = '1_t1'"],
  ['empties it', 'TRUNCATE migrations'],
  ['renames rows', "UPDATE migrations SET name = '1_x'"],
  ['records another migration', "INSERT INTO migrations (name, duration) VALUES ('3_t3', 1)"],
  ['records itself', "INSERT INTO migrations (name, duration) VALUES ('2_t2', 1)"],
  ['replaces it', `ALTER TABLE migrations RENAME TO former; ${otherLedger}`],
  ['moves its schema', 'ALTER SCHEMA public RENAME TO former; CREATE SCHEMA public'],
  [
    'deletes rows in a savepoint that it keeps',
    "SAVEPOINT s; DELETE FROM migrations WHERE name = '1_t1'; RELEASE s",
  ],
  [
    'deletes rows by an event trigger',
    `CREATE FUNCTION forget() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM migrations; END';
     CREATE EVENT TRIGGER forgets ON ddl_command_end EXECUTE FUNCTION forget(); CREATE TABLE t2 ()`,
  ],
];

async function appliedProject(major: number, noTransaction: boolean): Promise<DatabaseProject> {
  const project = await projectOn(major, {
    migrations: { '1_t1': { up: 'CREATE TABLE t1 ();', down: 'DROP TABLE t1;', noTransaction } },
  });
  await openKat(project).kat.up();
  project.addMigration('2_t2', { up: 'CREATE TABLE t2 ();', down: 'DROP TABLE t2;', parents: [1] });
  return project;
}

async function isThere({ database }: DatabaseProject, table: string): Promise<unknown> {
  return (await column(database, `SELECT to_regclass('${table}') IS NOT NULL`))[0];
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each(onUp)('up: something %s', async (_what, sql, message) => {
    const project = await appliedProject(major, false);
    await project.database.query(sql);
    const { kat } = openKat(project);
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', message });
    expect(error.help).toContain('Look for triggers, rules and row-level security');
    expect(await isThere(project, 't2')).toBe(false);
    expect(await project.applied()).toEqual(['1_t1']);
    expect(await failureOf(kat.stamp({ of: ['2_t2'] }))).toMatchObject({
      code: 'SQL_ERROR',
      message: expect.stringContaining('nothing was recorded: '),
    });
    expect(await project.applied()).toEqual(['1_t1']);
  });

  test.each(ofMigration)('a migration that %s is rolled back', async (_what, sql) => {
    const message = 'the tracking table was changed or replaced while the migration ran';
    const project = await appliedProject(major, false);
    project.write('migrations/2_t2/up.sql', `${sql};`);
    project.addMigration('3_t3', { up: 'CREATE TABLE t3 ();', parents: [2] });
    const { kat } = openKat(project);
    for (const singleTransaction of [false, true]) {
      const error = await failureOf(kat.up({ singleTransaction }));
      expect(error).toMatchObject({ code: 'MIGRATION_FAILED', message });
      expect(error.help).toContain('Remove what writes into the tracking table from the migration');
    }
    expect(await failureOf(kat.up({ dryRun: 'rollback' }))).toMatchObject({ message });
    expect(await project.applied()).toEqual(['1_t1']);
    expect(await isThere(project, 't3')).toBe(false);
  });

  test('a rollback and a single statement may not write into the tracking table either', async () => {
    const message = 'the tracking table was changed or replaced while the migration ran';
    const project = await appliedProject(major, false);
    const { kat } = openKat(project);
    project.write('migrations/2_t2/down.sql', "DROP TABLE t2; DELETE FROM migrations WHERE name = '1_t1';");
    await kat.up();
    expect(await failureOf(kat.down())).toMatchObject({ message });
    const up = 'CREATE TABLE one (); DELETE FROM migrations;';
    project.addMigration('3_t3', { up, noTransaction: true, parents: [2] });
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE', message });
    expect(await project.applied()).toEqual(['1_t1', '2_t2']);
  });

  test.each([false, true])(
    'a row that another program writes meanwhile is no success (no transaction: %s)',
    async (noTransaction) => {
      const project = await appliedProject(major, noTransaction);
      const up = 'SELECT pg_sleep(1); CREATE TABLE t2 ();';
      project.write('migrations/2_t2/up.sql', up);
      project.addMigration('3_t3', { up: 'CREATE TABLE t3 ();', noTransaction, parents: [2] });
      const { kat, events } = openKat(project);
      const run = failureOf(kat.up());
      await eventually('the migration', async () => events.some((event) => event.type === 'started'));
      await project.database.query("INSERT INTO migrations (name, duration) VALUES ('3_t3', 1)");
      const error = await run;
      expect(error.message).toMatch(
        noTransaction
          ? /^another run has applied 3_t3 during this run$/
          : /^another program has recorded 3_t3 as applied, and this try failed: duplicate key/,
      );
      expect(await isThere(project, 't3')).toBe(false);
      expect(events.flatMap((event) => (event.type === 'succeeded' ? [event.id] : []))).toEqual(['2_t2']);
    },
  );

  test.each(onDown)('down: %s keeps the row', async (_what, sql) => {
    const project = await appliedProject(major, false);
    await project.database.query(sql);
    expect(await failureOf(openKat(project).kat.down())).toMatchObject({
      code: 'MIGRATION_FAILED',
      message: 'the row of 1_t1 did not leave the tracking table',
    });
    expect(await isThere(project, 't1')).toBe(true);
    expect(await project.applied()).toEqual(['1_t1']);
  });

  test('down: a trigger takes other rows away', async () => {
    const project = await appliedProject(major, false);
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query(
      trigger('migrations', 'AFTER DELETE', "DELETE FROM migrations WHERE name = '1_t1'; RETURN NULL;"),
    );
    expect(await failureOf(kat.down())).toMatchObject({ code: 'MIGRATION_FAILED', message: otherRows });
    expect(await project.applied()).toEqual(['1_t1', '2_t2']);
  });

  test('a server that counts no rows works', async () => {
    const project = await appliedProject(major, false);
    await project.database.query(`ALTER DATABASE ${project.database.name} SET track_counts = off`);
    const { kat } = openKat(project);
    await kat.up();
    await kat.down({ all: true, confirm: () => true });
    expect(await project.applied()).toEqual([]);
  });

  test('what a migration defers itself cannot undo what is recorded of it', async () => {
    const project = await appliedProject(major, false);
    project.write(
      'migrations/2_t2/up.sql',
      `CREATE TABLE t2 (); ${deferred('t2', 'INSERT', "DELETE FROM migrations WHERE name = '2_t2';")}; INSERT INTO t2 DEFAULT VALUES;`,
    );
    for (const singleTransaction of [false, true]) {
      expect(await failureOf(openKat(project).kat.up({ singleTransaction }))).toMatchObject({
        code: 'MIGRATION_FAILED',
        message: ledgerRow,
      });
    }
    expect(await project.applied()).toEqual(['1_t1']);
    expect(await isThere(project, 't2')).toBe(false);
  });

  test('a script looks behind what is deferred, too', async () => {
    const project = await appliedProject(major, false);
    await project.database.query(
      deferred('migrations', 'INSERT', 'DELETE FROM migrations WHERE id = NEW.id;'),
    );
    const { sql } = await openKat(project).kat.planSql({ client: 'any' });
    await expect(project.database.query(sql)).rejects.toThrow(ledgerRow);
    await project.database.query('ROLLBACK');
    expect(await project.applied()).toEqual(['1_t1']);
  });

  test('in one transaction each migration begins with the constraint modes that it would have alone', async () => {
    const project = await appliedProject(major, false);
    project.write(
      'migrations/2_t2/up.sql',
      'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);',
    );
    const up = 'INSERT INTO c VALUES (1); INSERT INTO p VALUES (1);';
    project.addMigration('3_t3', { up, down: 'DELETE FROM c; DELETE FROM p;', parents: [2] });
    expect(idsOf((await openKat(project).kat.up({ singleTransaction: true })).migrations)).toHaveLength(2);
  });

  test('the journal: an entry that is taken away at COMMIT takes its statement along', async () => {
    const project = await appliedProject(major, true);
    project.addMigration('3_statements', { up: 'CREATE TABLE one ();', noTransaction: true, parents: [1] });
    await project.database.query(
      deferred(
        'migrations_log',
        'INSERT',
        "DELETE FROM migrations_log WHERE id = NEW.id AND outcome = 'statement finished';",
      ),
    );
    const { kat } = openKat(project);
    expect(await failureOf(kat.up({ to: ['3_statements'] }))).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await isThere(project, 'one')).toBe(false);
  });

  test('the journal: a statement whose entry is lost does not count as done, and the run stops there', async () => {
    const project = await appliedProject(major, true);
    project.addMigration('3_statements', {
      up: 'CREATE TABLE one (); CREATE TABLE two ();',
      noTransaction: true,
      parents: [1],
    });
    await project.database.query(
      trigger(
        'migrations_log',
        'BEFORE INSERT',
        "IF NEW.outcome = 'statement finished' AND NEW.statement = 2 THEN RETURN NULL; END IF; RETURN NEW;",
      ),
    );
    const { kat } = openKat(project);
    expect(await failureOf(kat.up({ to: ['3_statements'] }))).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
    expect([await isThere(project, 'one'), await isThere(project, 'two')]).toEqual([true, false]);
    await project.database.query('DROP TRIGGER meddle ON migrations_log');
    expect(idsOf((await kat.up({ to: ['3_statements'] })).migrations)).toEqual(['3_statements']);
    expect(await isThere(project, 'two')).toBe(true);
  });

  test('a migration that hides the tracking table is rolled back', async () => {
    const project = await appliedProject(major, false);
    const { database } = project;
    const role = `owner_${database.name}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'postgres'; GRANT ALL ON SCHEMA public TO ${role};
      ALTER TABLE migrations OWNER TO ${role}; ALTER TABLE migrations_log OWNER TO ${role}; ALTER TABLE t1 OWNER TO ${role}`);
    const hide =
      'ALTER TABLE migrations ENABLE ROW LEVEL SECURITY; ALTER TABLE migrations FORCE ROW LEVEL SECURITY;';
    project.write(
      'migrations/2_t2/up.sql',
      `${hide} CREATE POLICY p ON migrations FOR INSERT WITH CHECK (true);`,
    );
    const url = database.url.replace(/\/\/[^@]*@/, `//${role}:postgres@`);
    expect(await failureOf(openKat(project, { database: url }).kat.up())).toMatchObject({
      code: 'MIGRATION_FAILED',
      message: ledgerRow,
    });
    expect(
      await column(database, "SELECT relrowsecurity FROM pg_class WHERE relname = 'migrations'"),
    ).toEqual([false]);
    await database.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });

  test('a trigger that only listens is welcome', async () => {
    const project = await appliedProject(major, false);
    await project.database.query(
      `CREATE TABLE seen (name text); ${trigger('migrations', 'AFTER INSERT', 'INSERT INTO seen VALUES (NEW.name); RETURN NULL;')}`,
    );
    expect(idsOf((await openKat(project).kat.up()).migrations)).toEqual(['2_t2']);
    expect(await column(project.database, 'SELECT name FROM seen')).toEqual(['2_t2']);
  });
});
