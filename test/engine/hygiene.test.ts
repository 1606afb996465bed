/** What a migration does to its session does not reach the next one, on every kind of connection, and its row is there. */

import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KatOptions } from '../../src/index.js';
import { freshDatabase, majors, type Row, type TestDatabase } from '../support/database.js';
import { type MigrationSource, makeProject } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { openKat } from './library.js';

/** Does something to its session; `also` is what fails where the next one notices, beside what is always looked at. */
const deeds: readonly [what: string, sql: string, also?: string][] = [
  ["set_config('search_path')", "SELECT pg_catalog.set_config('search_path', '', false);"],
  ['SET ROLE', 'SET ROLE pg_monitor;'],
  ['SET SESSION AUTHORIZATION', 'SET SESSION AUTHORIZATION pg_monitor;'],
  ['both', 'SET SESSION AUTHORIZATION pg_monitor; SET ROLE pg_monitor;'],
  ['SET client_encoding', "SET client_encoding = 'LATIN1';", "current_setting('client_encoding') = 'UTF8'"],
  [
    'a time-out',
    "SET statement_timeout = '1d'; SET lock_timeout = 0; SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
  ],
  ['SET LOCAL', "SET LOCAL search_path = pg_catalog; SET LOCAL DateStyle = 'German';"],
  ['DISCARD TEMP and DEALLOCATE ALL', 'DISCARD TEMP; DEALLOCATE ALL; CLOSE ALL;'],
  ['constraints that are put off', 'SET CONSTRAINTS ALL DEFERRED;'],
  ['read-only transactions from now on', 'SET default_transaction_read_only = on;'],
  ['strings as they were once', "SET standard_conforming_strings = off; SET DateStyle = 'German';"],
];

/** What only a session of Kat's own is rid of: a caller may need what is there. */
const leftOvers: readonly [what: string, sql: string, also: string][] = [
  [
    'a temporary table',
    'CREATE TEMPORARY TABLE migrations (a int);',
    "to_regclass('pg_temp.migrations') IS NULL",
  ],
  [
    'a temporary table that shadows',
    'CREATE TEMPORARY TABLE looks (a int);',
    "to_regclass('pg_temp.looks') IS NULL",
  ],
  ['LISTEN', 'LISTEN news;', 'NOT EXISTS (SELECT pg_listening_channels())'],
  [
    'a setting of its own',
    "SET myapp.tenant = 'acme';",
    "coalesce(current_setting('myapp.tenant', true), '') = ''",
  ],
  ['a prepared statement', 'PREPARE p AS SELECT 1;', 'NOT EXISTS (SELECT FROM pg_prepared_statements)'],
  ['a cursor', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1;', 'NOT EXISTS (SELECT FROM pg_cursors)'],
  [
    'a temporary function',
    "CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ''x''';",
    'NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = pg_my_temp_schema())',
  ],
  [
    'a shared session lock',
    'SELECT pg_advisory_lock_shared(4711, 1);',
    'NOT EXISTS (SELECT FROM pg_locks WHERE classid = 4711 AND pid = pg_backend_pid())',
  ],
  [
    'a session lock',
    'SELECT pg_advisory_lock(4711);',
    'NOT EXISTS (SELECT FROM pg_locks WHERE objid = 4711 AND pid = pg_backend_pid())',
  ],
];

const before = `current_user::text || ' ' || session_user::text || ' ' || current_setting('search_path') || ' ' ||
  current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('DateStyle') || ' ' ||
  current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only') || ' ' ||
  current_setting('standard_conforming_strings')`;

/** The same look before and after the deed; the umlauts arrive as they are only in the right encoding. */
function around(sql: string, also = 'true'): Record<string, MigrationSource> {
  const look = (n: number) =>
    `CREATE TABLE public.look${n} AS SELECT ${before} AS session, 'grün 🎉' AS text, (${also})::text AS is_clean;`;
  return {
    '1_before': { up: look(1), down: 'DROP TABLE public.look1;' },
    '2_deed': {
      up: `CREATE TABLE public.deed (); ${sql}`,
      down: `DROP TABLE public.deed; ${sql}`,
      parents: [1],
    },
    '3_after': { up: look(2), down: 'DROP TABLE public.look2;', parents: [2] },
  };
}

/** A connection of one of the kinds that Kat can use, and a look at its database. */
interface Place {
  database: KatOptions['database'];
  query(sql: string): Promise<Row[]>;
}

const ours = ['look1', 'look2', 'deed', 'migrations', 'migrations_log'].map((table) => `public.${table}`);

async function checkAround({ database, query }: Place, sql: string, also?: string): Promise<void> {
  // All deeds share a database, and one that fails must not spoil the next.
  await query(`DROP TABLE IF EXISTS ${ours.join(', ')}`);
  const project = makeProject({ migrations: around(sql, also) });
  const { kat } = openKat(project, { database });
  await kat.up();
  const [row] = await query(`SELECT l1.session = l2.session AS same, l2.text, l2.is_clean
    FROM public.look1 l1, public.look2 l2`);
  expect(row).toEqual({ same: true, text: 'grün 🎉', is_clean: 'true' });
  expect(await query('SELECT name FROM public.migrations ORDER BY id')).toEqual(
    ['1_before', '2_deed', '3_after'].map((name) => ({ name })),
  );
  await kat.down({ count: 3 });
  expect(await query('SELECT name FROM public.migrations')).toEqual([]);
}

describe.each(majors())('PostgreSQL %i', (major) => {
  let own: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    own = await freshDatabase(major);
    client = new pg.Client(own.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await own.drop();
  });

  test.each([...deeds, ...leftOvers])('a session of its own: %s', (_what, sql, also) =>
    checkAround({ database: own.url, query: own.query }, sql, also),
  );

  test.each(deeds)('a client of the caller: %s', (_what, sql, also) =>
    checkAround({ database: client, query: own.query }, sql, also),
  );

  test.each([true, false])(
    'the numbers of a sequence stay with the migration (in a transaction: %s)',
    async (isOne) => {
      await own.query(`DROP TABLE IF EXISTS ${ours.join(', ')}`);
      const unseen = (call: string) =>
        `DO $$ BEGIN PERFORM ${call}; RAISE EXCEPTION 'seen';
       EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL; END $$;`;
      const project = makeProject({
        migrations: {
          '1_before': { up: 'CREATE TABLE public.look1 (id serial);', down: '' },
          '2_deed': {
            up: 'INSERT INTO public.look1 DEFAULT VALUES;',
            parents: [1],
            ...(isOne ? {} : { noTransaction: true }),
          },
          '3_after': { up: unseen('lastval()') + unseen("currval('public.look1_id_seq')"), parents: [2] },
        },
      });
      const { kat } = openKat(project, { database: own.url });
      await kat.up();
      expect(await own.query('SELECT name FROM migrations')).toHaveLength(3);
    },
  );

  test('statements that run one by one leave as little behind', async () => {
    await own.query(`DROP TABLE IF EXISTS ${ours.join(', ')}`);
    const deed = `SET search_path = ''; SET DateStyle = 'German'; SET client_encoding = 'LATIN1'; LISTEN news;
CREATE TEMPORARY TABLE migrations (a int); SELECT pg_advisory_lock(4711); SET statement_timeout = '1d';
SET ROLE pg_monitor;`;
    const also = leftOvers.map((leftOver) => leftOver[2]).join(' AND ');
    const migrations = around('', also);
    const project = makeProject({
      migrations: { ...migrations, '2_deed': { up: deed, parents: [1], noTransaction: true } },
    });
    await openKat(project, { database: own.url }).kat.up();
    expect(
      await own.query('SELECT l1.session = l2.session AS same, l2.text, l2.is_clean FROM look1 l1, look2 l2'),
    ).toEqual([{ same: true, text: 'grün 🎉', is_clean: 'true' }]);
  });
});

describe('PGlite of the caller', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await emptyPglite();
  });
  afterAll(() => database.close());

  test.each(deeds)('%s', async (_what, sql, also) => {
    const query = async (text: string) => (await database.query<Row>(text)).rows;
    await checkAround({ database, query }, sql, also);
  });
});
