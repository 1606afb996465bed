/** Fault 46: what migration files do to whoever runs them, line by line of the table that Kat was built by. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, type MigrationSource, projectOn } from '../support/kat-project.js';
import { appliedTables, expectDone, idsUpTo, tableMigration } from './scene.js';

/** Found in the text; nothing is touched. */
const refused: readonly [what: string, sql: string, place: string, message: string][] = [
  [
    'COMMIT, then an error',
    'CREATE TABLE t2 ();\nCOMMIT;\nSELECT 1/0;',
    '2:1',
    'COMMIT would interfere with the transaction',
  ],
  ['COMMIT', 'CREATE TABLE t2 ();\nCOMMIT;', '2:1', 'COMMIT would interfere'],
  ['ROLLBACK', 'CREATE TABLE t2 ();\nROLLBACK;', '2:1', 'ROLLBACK would interfere'],
  ['BEGIN in the middle', 'CREATE TABLE t2 ();\nBEGIN;', '2:1', 'BEGIN would interfere'],
  [
    'two transactions',
    'BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nCREATE TABLE t2 ();\nCOMMIT;',
    '1:1',
    'BEGIN would interfere',
  ],
  ['COMMIT AND CHAIN', 'CREATE TABLE t2 ();\nCOMMIT AND CHAIN;', '2:1', 'COMMIT AND CHAIN would interfere'],
  [
    'PREPARE TRANSACTION',
    "CREATE TABLE t2 ();\nPREPARE TRANSACTION 'x';",
    '2:1',
    'PREPARE TRANSACTION would interfere',
  ],
  ['COPY FROM STDIN with data', 'CREATE TABLE t2 (a int);\nCOPY t2 FROM stdin;\n1\n\\.\n', '2:1', 'COPY'],
  ['a psql command', '\\set x 1\nCREATE TABLE t2 ();', '1:1', 'psql'],
  ['a psql variable', 'CREATE TABLE t2 ();\nSELECT :x;', '2:8', ':x'],
  ['a syntax error', 'CREATE TABLE t2 ();\nCREATE TABLEE x ();', '2:8', 'syntax error'],
];

/** Accepted; the ledger is right, and the next migration does not notice. */
const survived: readonly [what: string, sql: string][] = [
  ['one BEGIN and COMMIT around everything', 'BEGIN;\nCREATE TABLE t2 ();\nCOMMIT;'],
  [
    'the preamble of pg_dump',
    `SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE TABLE public.t2 ();`,
  ],
  [
    'search_path',
    'CREATE SCHEMA other; SET search_path = other; CREATE TABLE public.t2 (); CREATE TABLE strange ();',
  ],
  ['SET ROLE', 'CREATE TABLE t2 (); SET ROLE pg_monitor;'],
  ['SET LOCAL ROLE', 'CREATE TABLE t2 (); SET LOCAL ROLE pg_monitor;'],
  ['SET SESSION AUTHORIZATION', 'CREATE TABLE t2 (); SET SESSION AUTHORIZATION pg_monitor;'],
  [
    'settings',
    "CREATE TABLE t2 (); SET standard_conforming_strings = off; SET DateStyle = 'German'; SET TimeZone = 'Asia/Kolkata';",
  ],
  [
    'the isolation of later transactions',
    'CREATE TABLE t2 (); SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY;',
  ],
  ['a session lock', 'CREATE TABLE t2 (); SELECT pg_advisory_lock(4711);'],
  ['all session locks given up', 'CREATE TABLE t2 (); SELECT pg_advisory_unlock_all();'],
  ['a temporary table', 'CREATE TABLE t2 (); CREATE TEMPORARY TABLE scratch (a int);'],
  [
    'a temporary table in the way of the ledger',
    'CREATE TABLE t2 (); CREATE TEMPORARY TABLE migrations (a int);',
  ],
  [
    'a prepared statement, a cursor, LISTEN',
    'CREATE TABLE t2 (); PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1; LISTEN news;',
  ],
  ['a byte order mark', '\u{feff}CREATE TABLE t2 ();'],
  [
    'savepoints',
    'SAVEPOINT a; CREATE TABLE t2 (); SAVEPOINT b; CREATE TABLE t99 (); ROLLBACK TO b; RELEASE a;',
  ],
  ['a comment at the end', 'CREATE TABLE t2 (); -- done'],
  ['a comment that is not closed by a line', 'CREATE TABLE t2 () /* done */'],
];

/** What makes sense statement by statement: no transactions, and the journal can be written. */
const survivedAlone = survived.filter(([what]) => !/BEGIN|savepoints|isolation/.test(what));

/** Fails unless the session is as a migration may expect it. */
const expectsCleanSession = `DO $$
BEGIN
  ASSERT current_user = session_user AND session_user = 'postgres', 'role';
  ASSERT current_setting('search_path') = '"$user", public', 'search_path';
  ASSERT current_setting('standard_conforming_strings') = 'on', 'strings';
  ASSERT current_setting('DateStyle') = 'ISO, MDY', 'DateStyle';
  ASSERT current_setting('check_function_bodies') = 'on', 'check_function_bodies';
  ASSERT current_setting('client_min_messages') = 'notice', 'client_min_messages';
  ASSERT current_setting('transaction_isolation') = 'read committed', 'isolation';
  ASSERT current_setting('lock_timeout') = '5s', 'lock_timeout';
  ASSERT to_regclass('pg_temp.scratch') IS NULL AND to_regclass('pg_temp.migrations') IS NULL, 'temporary tables';
  ASSERT NOT EXISTS (SELECT FROM pg_prepared_statements), 'prepared statements';
  ASSERT NOT EXISTS (SELECT FROM pg_cursors WHERE name = 'c'), 'cursors';
  ASSERT NOT EXISTS (SELECT pg_listening_channels()), 'channels';
  ASSERT NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND objid = 4711), 'locks';
  ASSERT (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') = 1, 'the lock of Kat';
END $$;`;

/** Each of them followed by a migration that looks for traces; `more` makes them run statement by statement. */
function betweenChecks(sources: typeof survived, more?: string): Record<string, MigrationSource> {
  const folder: Record<string, MigrationSource> = { '1_t1': tableMigration(1) };
  for (const [index, [what, sql]] of sources.entries()) {
    const [number, next] = [2 * index + 2, 2 * index + 3];
    folder[`${number}_t${number}`] = {
      up: sql.replaceAll(/\bt2\b/g, `t${number}`) + (more ?? ''),
      parents: [number - 1],
      noTransaction: more !== undefined,
    };
    const check = `-- behind: ${what}\nCREATE TABLE t${next} ();\n${expectsCleanSession}`;
    folder[`${next}_t${next}`] = { up: check, parents: [number] };
  }
  return folder;
}

/** Makes a text too long to be parsed. */
const filler = `-- ${'x'.repeat(1000)}\n`.repeat(11_000);

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('all that cannot be run is reported at once, before anything runs', async () => {
    const migrations = Object.fromEntries(refused.map(([, up], index) => [`${index + 2}_m`, { up }]));
    const project = await projectOn(major, { migrations: { '1_t1': tableMigration(1), ...migrations } });
    const before = await contentOf(project.database);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    for (const [index, [what, , place, message]] of refused.entries()) {
      expect(run.stderr, what).toContain(message);
      expect(run.stderr, what).toContain(`migrations/${index + 2}_m/up.sql:${place}\n`);
    }
    expect(await contentOf(project.database)).toEqual(before);
    expect(await appliedTables(project)).toEqual([]);
  });

  test('what is accepted reaches neither the ledger nor the next migration', async () => {
    const project = await projectOn(major, { migrations: betweenChecks(survived) });
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(2 * survived.length + 1));
    const owners = await project.database.query('SELECT DISTINCT database_user FROM migrations_log');
    expect(owners).toEqual([{ database_user: 'postgres' }]);
  });

  test('likewise statement by statement', async () => {
    const folder = betweenChecks(survivedAlone, '\n;VACUUM public.t1;');
    const project = await projectOn(major, { migrations: folder });
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(2 * survivedAlone.length + 1));
  });

  test.each([
    'COMMIT',
    'COMMIT AND CHAIN',
    'COMMIT; BEGIN',
    'ROLLBACK',
    'END WORK',
    'aBort',
    "PREPARE TRANSACTION 'theirs'",
    `COMMIT /* ${'x'.repeat(2_000_000)} */`,
    'DISCARD ALL',
  ])('%.20s in a text too long to be parsed: refused beforehand', async (sql) => {
    const up = `CREATE TABLE t2 ();\n${filler}SELECT ';', $$;COMMIT;$$; ${sql}; SELECT 1;`;
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': { up, parents: [1] } },
    });
    const before = await contentOf(project.database);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('migrations/2_t2/up.sql:11002:27');
    expect(await contentOf(project.database)).toEqual(before);
  });

  test('warnings are shown with their migration, and notices only when more is asked for', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': {
          up: "CREATE TABLE t1 (); CREATE TABLE IF NOT EXISTS t1 (); DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$;",
        },
      },
    });
    const run = await project.kat('up');
    expectDone(run);
    expect(run.stderr).toBe('  WARNING: mind the gap\n');
    await project.kat('down');
    await project.database.query('DROP TABLE t1');
    const verbose = await project.kat('up --verbose');
    expect(verbose.stderr).toBe(
      '  NOTICE: relation "t1" already exists, skipping\n  WARNING: mind the gap\n',
    );
  });
});
