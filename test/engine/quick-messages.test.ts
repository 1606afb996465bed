/** Migrations that only make new objects are recorded by prepared statements, unless the database runs code of its own beside them. */

import { describe, expect, test } from 'vitest';
import { majors, type TestDatabase } from '../support/database.js';
import { type MigrationSource, projectOn } from '../support/kat-project.js';
import { startProxy, type TestProxy } from '../support/proxy.js';
import { openKat } from './library.js';

const leave = `PERFORM set_config('kat_test.left', 'yes', false); RAISE NOTICE 'left';`;

/** Is there what code beside a migration leaves in its session, or what Kat itself has prepared there? */
const look = `CREATE TABLE looks AS SELECT coalesce(current_setting('kat_test.left', true), '') AS left_over,
  (SELECT count(*)::int FROM pg_prepared_statements) AS prepared, current_setting('enable_seqscan') AS scans;`;

const quick = {
  '2_table': { up: 'CREATE TABLE t2 (a int PRIMARY KEY);', parents: [1] },
  '3_function': {
    up: "CREATE FUNCTION f3() RETURNS text LANGUAGE sql AS $$ SELECT 'it''s \\ ü' $$;",
    down: "-- 'it''s \\ ü'\nDROP FUNCTION f3;",
    parents: [2],
  },
  '4_look': { up: look, parents: [3] },
  '5_last': { up: 'CREATE TABLE t5 (a int);', parents: [4] },
  '6_alone': { up: `SELECT 1;${look.replace('looks', 'more_looks')}`, parents: [5], noTransaction: true },
} satisfies Record<string, MigrationSource>;

const eventTrigger = `CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${leave} END $$;
CREATE EVENT TRIGGER meddle ON ddl_command_end EXECUTE FUNCTION meddle();`;
const listener = `CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${leave} RETURN NULL; END $$;
CREATE TRIGGER meddle AFTER INSERT ON migrations FOR EACH ROW EXECUTE FUNCTION meddle();`;

const onValue = `CREATE FUNCTION meddle(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN ${leave} RETURN $1; END $$;`;
const index = `${onValue} CREATE INDEX ON migrations (meddle(name));`;
const partial = `${onValue} CREATE INDEX ON migrations (id) WHERE meddle(name) <> '';`;
const column = `${onValue} ALTER TABLE migrations ADD COLUMN who text;
ALTER TABLE migrations ALTER COLUMN who SET DEFAULT meddle('x');`;
const ownDefault = `${onValue} ALTER TABLE migrations ALTER COLUMN id
SET DEFAULT nextval('migrations_id_seq') + length(meddle(''));`;
const domain = `${onValue} CREATE DOMAIN checked AS text;
ALTER TABLE migrations ADD COLUMN who checked;
ALTER DOMAIN checked ADD CHECK (coalesce(meddle(VALUE), '') = '');`;

describe.each(majors())('PostgreSQL %i', (major) => {
  test('they leave the session as it was, and what they record is whole', async () => {
    const { database, sent } = await run(major, { '1_first': 'CREATE TABLE t1 (a int);' });
    expect(sent.filter((sql) => /EXECUTE kat_/.test(sql))).toHaveLength(4);
    await expectClean(database);
    const rows = await database.query(
      "SELECT migration, down_sql, parents FROM migrations_log WHERE outcome = 'succeeded' AND direction = 'up' ORDER BY id",
    );
    expect(rows.map(({ migration }) => migration)).toEqual(['1_first', ...Object.keys(quick)]);
    expect(rows[2]).toEqual({
      migration: '3_function',
      down_sql: `${quick['3_function'].down}\n`,
      parents: ['2_table'],
    });
  });

  test.each([
    ['an event trigger that the run itself makes', eventTrigger],
    ['a trigger on the tracking table that the run itself makes', listener],
    ['an index of the tracking table on an expression', index],
    ['a partial index of the tracking table', partial],
    ['a default of a further column', column],
    ['another default', ownDefault],
    ['a type with a condition', domain],
  ])('code beside them leaves nothing in their session: %s', async (_what, first) => {
    const { database, sent, notices } = await run(major, { '1_first': first });
    expect(notices).toBeGreaterThan(0);
    // The server refuses what was sent ahead.
    expect(sent.some((sql) => /EXECUTE kat_/.test(sql))).toBe(true);
    await expectClean(database);
  });

  test('an event trigger that is there before: none is tried', async () => {
    const { sent, database } = await run(major, { '1_first': 'SELECT 1;' }, eventTrigger);
    expect(sent.some((sql) => /EXECUTE kat_/.test(sql))).toBe(false);
    await expectClean(database);
  });
});

interface Ran {
  database: TestDatabase;
  /** The messages of the run. */
  sent: string[];
  notices: number;
}

async function run(major: number, first: Record<string, string>, before = 'SELECT 1'): Promise<Ran> {
  const project = await projectOn(major, { migrations: { ...first, ...quick } });
  const { database } = project;
  await database.query(before);
  const sent: string[] = [];
  const rewrite = (sql: string) => {
    sent.push(sql);
    return sql;
  };
  const proxy: TestProxy = await startProxy(database, { rewrite });
  const { kat, events } = openKat(project, { database: proxy.urlOf(database) });
  const result = await kat.up();
  expect(result.migrations.map(({ id }) => id)).toEqual([...Object.keys(first), ...Object.keys(quick)]);
  return { database, sent, notices: events.filter(({ type }) => type === 'notice').length };
}

async function expectClean(database: TestDatabase): Promise<void> {
  const clean = { left_over: '', prepared: 0, scans: 'on' };
  const [inTransaction] = await database.query('SELECT left_over, prepared, scans FROM looks');
  const [outside] = await database.query('SELECT left_over, prepared, scans FROM more_looks');
  expect([inTransaction, outside]).toEqual([clean, clean]);
}
