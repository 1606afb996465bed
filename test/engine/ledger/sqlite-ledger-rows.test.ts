/** Rows of other migrations stay as they are in a SQLite tracking table, and finding that out costs the same however many there are. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { type LedgerRows, watchLedgerRows } from '../../../src/engine/ledger/sqlite/ledger-rows.js';
import { createReachTest } from '../../../src/engine/ledger/sqlite/reaching-sql.js';
import { ensureSqliteLedger, findSqliteLedger } from '../../../src/engine/ledger/sqlite/sqlite-ledger.js';
import { withSqlite } from '../../support/sqlite.js';

interface Scene {
  file: string;
  session: Session;
  rows: LedgerRows;
  /** The statements that the session has executed since the scene began. */
  executed: string[];
}

/** A file with a tracking table of this name, three migrations in it, and a run that has written the last of them. */
async function withLedger(table: string, work: (scene: Scene) => Promise<void>): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'kat-rows-')), 'app.db');
  await withSqlite(file, async (session) => {
    const ledger = await ensureSqliteLedger(session, await findSqliteLedger(session, table));
    const executed: string[] = [];
    const execute: Session['execute'] = (sql, ...others) => {
      executed.push(String(sql));
      return session.execute(sql, ...others);
    };
    const recorded = new Proxy(session, {
      get: (target, key) => (key === 'execute' ? execute : Reflect.get(target, key, target)),
    });
    const scene = { file, session, rows: watchLedgerRows(recorded, ledger), executed };
    await run(scene, 'CREATE TABLE t (x); INSERT INTO t VALUES (1)', ['1_a', '2_b', '3_c']);
    await work(scene);
  });
}

/** As a migration does: its SQL, and its row. */
async function run({ session, rows }: Scene, sql: string, ids: readonly string[] = []): Promise<void> {
  await session.execute('BEGIN IMMEDIATE');
  try {
    await rows.keep([sql], async () => {
      await session.execute(sql, undefined, 0);
      for (const id of ids) await rows.write({ id, direction: 'up', elapsedMs: 1, at: new Date() });
    });
    await session.execute('COMMIT');
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => undefined);
    rows.forget();
    throw error;
  }
}

const meddling = 'other rows of the tracking table were added, changed or deleted';

/** Where SQLite is in defensive mode, as in Node.js 24, it refuses some of it itself. */
const defended = (message: string) => new RegExp(`${message}|may not be modified`);

describe('a migration behind others must not', () => {
  test.each([
    ['delete a row', `DELETE FROM migrations WHERE name = '1_a'`],
    ['write another case', `delete from main.MiGrations where id = 2`],
    ['write other quotes', `UPDATE [migrations] SET duration = '0s'`],
    ['write a text as a name', `INSERT INTO 'migrations' (name, duration) VALUES ('9_z', '1ms')`],
    ['put comments between', `DELETE/**/FROM/**/"migrations"--x`],
    ['change a type', `UPDATE migrations SET duration = CAST(duration AS BLOB)`],
    ['replace a row', `REPLACE INTO migrations (id, name, duration) VALUES (1, '1_other', '1ms')`],
    [
      'replace the table',
      `DROP TABLE migrations; CREATE TABLE migrations (id, name, migration_time, duration)`,
    ],
    [
      'rename columns',
      `ALTER TABLE migrations RENAME name TO n; ALTER TABLE migrations RENAME duration TO name; ALTER TABLE migrations RENAME n TO duration`,
    ],
    [
      'use a trigger of its own',
      `CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM migrations; END; INSERT INTO t VALUES (2)`,
    ],
    [
      'use a temporary trigger',
      `CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM migrations WHERE id = 1; END; INSERT INTO t VALUES (2)`,
    ],
    [
      'use a view',
      `CREATE VIEW v AS SELECT 1 AS x; CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN UPDATE migrations SET name = name || '!'; END; INSERT INTO v VALUES (2)`,
    ],
    [
      'change the schema itself',
      `PRAGMA writable_schema = ON; UPDATE sqlite_master SET name = 'gone', tbl_name = 'gone', sql = replace(sql, 'migrations', 'gone') WHERE sql LIKE '%migration_time%'`,
    ],
    [
      'put another table in its place',
      `CREATE TABLE other (id, name, migration_time, duration); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'other') WHERE sql LIKE '%migration_time TEXT NOT%'`,
    ],
  ])('%s', (_what, sql) =>
    withLedger('migrations', async (scene) => {
      await expect(run(scene, sql, ['4_d'])).rejects.toThrow(defended(meddling));
      await run(scene, 'INSERT INTO t VALUES (3)', ['4_d']);
    }),
  );

  test.each([
    ['an earlier migration', (scene: Scene, sql: string) => run(scene, sql)],
    ['another connection', ({ file }: Scene, sql: string) => withSqlite(file, (other) => other.execute(sql))],
  ])('fire a trigger that %s has made', (_who, make) =>
    withLedger('migrations', async (scene) => {
      await make(scene, 'CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET x = 2; END');
      await make(scene, 'CREATE TABLE u (x); INSERT INTO u VALUES (1)');
      await run(scene, 'INSERT INTO t VALUES (3)', ['4_d']);
      await make(
        scene,
        `CREATE TRIGGER h AFTER UPDATE ON u BEGIN DELETE FROM "Migrations" WHERE id = 1; END`,
      );
      await run(scene, 'SELECT 1');
      await expect(run(scene, 'INSERT INTO t VALUES (3)', ['5_e'])).rejects.toThrow(meddling);
      await expect(run(scene, 'PRAGMA recursive_triggers = ON; INSERT INTO t VALUES (3)')).rejects.toThrow(
        meddling,
      );
      await run(scene, 'DROP TRIGGER h');
      await run(scene, 'INSERT INTO t VALUES (4)', ['5_e']);
    }),
  );

  test('fire a trigger whose removal was rolled back', () =>
    withLedger('migrations', async (scene) => {
      const { session, rows } = scene;
      await run(scene, 'CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM migrations WHERE id = 1; END');
      await session.execute('BEGIN IMMEDIATE');
      await rows.keep(['DROP TRIGGER g'], async () => void (await session.execute('DROP TRIGGER g')));
      await rows.keep(['SELECT 1'], async () => undefined);
      await session.execute('ROLLBACK');
      rows.forget();
      await expect(run(scene, 'INSERT INTO t VALUES (3)')).rejects.toThrow(meddling);
    }));

  test('fire a trigger that another connection has made before this one was opened anew', () =>
    withLedger('migrations', async (scene) => {
      await withSqlite(scene.file, (other) =>
        other.execute('CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM migrations WHERE id = 1; END'),
      );
      await scene.session.sqlite?.renew();
      await expect(run(scene, 'INSERT INTO t VALUES (3)')).rejects.toThrow(meddling);
    }));

  test.each(['a_stat', 'big_a_docsize'])('drop the table %s as a part of a virtual table', (table) =>
    withLedger(table, async (scene) => {
      const owner = table.replace(/_[^_]*$/, '');
      const meddle = async () => {
        await run(scene, `CREATE VIRTUAL TABLE ${owner.toUpperCase()} USING fts3 (x)`, ['4_d']);
        await run(scene, `DROP TABLE ${owner}`);
      };
      await expect(meddle()).rejects.toThrow(defended(`no such table: main.${table}`));
    }),
  );

  test('delete rows through a foreign key of the tracking table', () =>
    withLedger('migrations', async (scene) => {
      await run(scene, `CREATE TABLE people (id INTEGER PRIMARY KEY); INSERT INTO people VALUES (7)`);
      await run(
        scene,
        `ALTER TABLE migrations ADD COLUMN person INTEGER REFERENCES people ON DELETE CASCADE`,
      );
      await withSqlite(scene.file, (other) => other.execute('UPDATE migrations SET person = 7 WHERE id = 2'));
      await run(scene, 'SELECT 1');
      await expect(run(scene, 'DELETE FROM people')).rejects.toThrow(meddling);
    }));
});

test('the row of a migration is written once, whoever wrote another one', () =>
  withLedger('migrations', async (scene) => {
    const own = 'the tracking table did not take exactly the row of 2_b';
    await expect(run(scene, 'SELECT 1', ['2_b'])).rejects.toThrow(own);
    await run(scene, 'SELECT 1', ['4_d']);
    await withSqlite(scene.file, (other) =>
      other.execute(`INSERT INTO migrations (name, duration) VALUES ('5_e', '1ms')`),
    );
    await expect(run(scene, 'SELECT 1', ['5_e'])).rejects.toThrow('exactly the row of 5_e');
    const table = `CREATE TABLE migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE ON CONFLICT IGNORE, migration_time, duration)`;
    await withSqlite(scene.file, (other) => other.execute(`DROP TABLE migrations; ${table}`));
    await run(scene, 'SELECT 1', ['1_a']);
    await expect(run(scene, 'SELECT 1', ['1_a'])).rejects.toThrow('exactly the row of 1_a');
  }));

test('a rollback takes all rows of a migration away', () =>
  withLedger('migrations', async (scene) => {
    const { file, session, rows } = scene;
    await withSqlite(file, (other) =>
      other.execute(`INSERT INTO migrations (name, duration) VALUES ('2_b', '1ms')`),
    );
    await run(scene, 'SELECT 1');
    await session.execute('BEGIN IMMEDIATE');
    await rows.keep([], () => rows.write({ id: '2_b', direction: 'down', elapsedMs: 1, at: new Date() }));
    await session.execute('COMMIT');
    const [left] = await session.execute('SELECT group_concat(name) AS names FROM migrations');
    expect(left?.rows[0]?.names).toBe('1_a,3_c');
  }));

test('rows are read twice by a run, however many migrations it has', () =>
  withLedger('migrations', async (scene) => {
    for (let number = 4; number < 60; number += 1)
      await run(scene, `CREATE TABLE t${number} (x)`, [`${number}_n`]);
    const { session, rows, executed } = scene;
    await session.execute('BEGIN IMMEDIATE');
    await rows.keep(['DROP TABLE t9'], () =>
      rows.write({ id: '9_n', direction: 'down', elapsedMs: 1, at: new Date() }),
    );
    await session.execute('COMMIT');
    const scans = executed.filter(
      (sql) => sql.includes('migrations') && !/WHERE id = |INSERT INTO/.test(sql),
    );
    expect(scans.filter((sql) => sql.includes('json_group_array'))).toHaveLength(2);
    expect(scans.filter((sql) => sql.includes('sqlite_master'))).toHaveLength(1);
    expect(scans).toHaveLength(3);
    const [left] = await session.execute('SELECT count(*) AS n FROM migrations');
    expect(left?.rows[0]?.n).toBe('58');
  }));

test('a text that names the table reaches it, however it is written', () => {
  const cases = (name: string) =>
    fc
      .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
      .map((upper) => [...name].map((one, index) => (upper[index] ? one.toUpperCase() : one)).join(''));
  const quoted = (name: string) =>
    fc
      .tuple(cases(name), fc.constantFrom('""', "''", '``', '[]', '  '))
      .map(([text, quotes]) => `${quotes[0]}${text}${quotes[1]}`);
  const blank = fc.constantFrom(' ', '\n', '/* x */', '--x\n', '\ufeff');
  const tables = fc.constantFrom('migrations', 'kat_migrations', 'Schéma$x');
  fc.assert(
    fc.property(
      tables.chain((table) => fc.tuple(fc.constant(table), quoted(table), blank, blank)),
      ([table, name, before, after]) => createReachTest(table)(`DELETE FROM${before}main.${name}${after};`),
    ),
  );
});

test.each([
  ['CREATE TABLE data_migrations (migrations2 TEXT, name TEXT)', false],
  ['INSERT INTO migrations_log SELECT 1', false],
  ["INSERT INTO t VALUES ('no migration')", false],
  ['DELETE FROM sqlite_sequence', true],
])('%s reaches the table: %s', (sql, expected) => {
  expect(createReachTest('migrations')(sql)).toBe(expected);
});

const pieces = [
  ...[
    'INSERT INTO t VALUES (1)',
    'INSERT INTO u VALUES (1)',
    'DELETE FROM u',
    'SELECT 1',
    'UPDATE t SET x = x',
  ],
  ...[
    'CREATE TABLE IF NOT EXISTS u (x)',
    'ALTER TABLE u RENAME TO w',
    'ALTER TABLE w RENAME TO u',
    'DROP TABLE IF EXISTS u',
  ],
  'CREATE TRIGGER IF NOT EXISTS g AFTER INSERT ON t BEGIN INSERT INTO u VALUES (2); END',
  'CREATE TRIGGER IF NOT EXISTS h AFTER INSERT ON u BEGIN DELETE FROM [migrations] WHERE id = 1; END',
  'CREATE TRIGGER IF NOT EXISTS i AFTER DELETE ON u BEGIN REPLACE INTO migrations (id, name, duration) VALUES (2, 0, 0); END',
  'CREATE TEMP TRIGGER IF NOT EXISTS j AFTER UPDATE ON t BEGIN UPDATE Migrations SET duration = 0; END',
  ...[
    'DROP TRIGGER IF EXISTS g',
    'DROP TRIGGER IF EXISTS h',
    'DROP TRIGGER IF EXISTS i',
    'DROP TRIGGER IF EXISTS j',
  ],
  ...[
    'SELECT count(*) FROM migrations',
    'ALTER TABLE migrations RENAME TO w',
    'DELETE FROM migrations WHERE id = 3',
  ],
];

test(
  'whatever migrations do one after the other, rows of others stay',
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }), {
          minLength: 6,
          maxLength: 14,
        }),
        (scripts) =>
          withLedger('migrations', async (scene) => {
            const read = async () =>
              (await scene.session.execute('SELECT * FROM main.migrations ORDER BY id'))[0]?.rows ?? [];
            for (const [index, script] of scripts.entries()) {
              const before = await read();
              const id = `${index}_x`;
              await run(scene, script.join(';\n'), [id]).catch(() => undefined);
              expect((await read()).filter(({ name }) => name !== id)).toEqual(before);
            }
          }),
      ),
      { numRuns: 60 },
    ),
  60_000,
);
