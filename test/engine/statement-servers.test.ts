/** Servers that do not undo DDL, or take little of it in a transaction: migrations run statement by statement there, and are never doubled. */

import { describe, expect, test } from 'vitest';
import {
  appliedTables,
  expectDone,
  holdTransaction,
  idsUpTo,
  tableMigrations,
  untilRunning,
} from '../reliability/scene.js';
import { eventually } from '../support/eventually.js';
import type { DatabaseProject, MigrationSource } from '../support/kat-project.js';
import { cockroach, dsql, failNext, playServer, raise, yugabyte } from '../support/other-server.js';
import { column, eventsOf, failureOf, openKat } from './library.js';

const env = { KAT_LEASE: '1s', KAT_LOCK_WAIT: '20s' };

/** Three statements: a table, a row in it, and what a test makes of the third. */
function withThird(third: string, more: Partial<MigrationSource> = {}): Record<string, MigrationSource> {
  return {
    '1_t1': {
      up: `CREATE TABLE t1 (id int);\nINSERT INTO t1 VALUES (1);\n${third};`,
      down: 'DROP TABLE t1;',
      ...more,
    },
  };
}

/** What the journal has, as `1 statement started`. */
function journal({ database }: DatabaseProject): Promise<unknown[]> {
  return column(
    database,
    `SELECT concat_ws(' ', statement, outcome) FROM migrations_log WHERE migration = '1_t1' ORDER BY id`,
  );
}

function rowsOf({ database }: DatabaseProject): Promise<unknown[]> {
  return column(database, 'SELECT id FROM t1');
}

const servers = [
  ['CockroachDB', cockroach],
  ['YugabyteDB', yugabyte],
  ['Aurora DSQL', dsql],
] as const;

describe.concurrent.each(servers)('%s, by its documentation', (_, server) => {
  test('migrations run statement by statement, up and down', async () => {
    const project = await playServer({ ...server, migrations: tableMigrations(3) });
    const run = await project.kat('up', { env });
    expectDone(run);
    expect(run.stderr).not.toContain('Warning');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expectDone(await project.kat('down 3_t3 --yes', { env }));
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(await journal(project)).toEqual([
      'started',
      '1 statement started',
      '1 statement finished',
      'succeeded',
    ]);
    expectDone(await project.kat('stamp 3_t3', { env }));
    expect((await project.kat('status')).stdout).toContain('3 applied');
  });

  test('a refused statement: those before it stay, nothing is called rolled back, and the next run continues', async () => {
    const project = await playServer({
      ...server,
      migrations: withThird('ALTER TABLE nothing ADD COLUMN remark text'),
    });
    const failed = await project.kat('up', { env });
    expect(failed.code).toBe(5);
    expect(failed.stderr).toContain('it continues at statement 3');
    expect(failed.stderr).not.toContain('rolled back');
    expect(await rowsOf(project)).toEqual([1]);
    expect((await journal(project)).slice(-3)).toEqual([
      '3 statement started',
      '3 statement undone',
      '3 failed',
    ]);
    expect((await project.kat('up --dry-run', { env })).stderr).not.toContain('cannot run from its start');
    project.write(
      'migrations/1_t1/up.sql',
      'CREATE TABLE t1 (id int);\nINSERT INTO t1 VALUES (1);\nALTER TABLE t1 ADD COLUMN remark text;\n',
    );
    expectDone(await project.kat('up', { env }));
    expect(await rowsOf(project)).toEqual([1]);
    expect(await appliedTables(project)).toEqual(['1_t1']);
  });

  test('a run that is killed in a statement: nobody repeats it unasked', async () => {
    const project = await playServer({
      ...server,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    const reader = await lockLater(project);
    const run = await project.start('up', { env });
    await untilRunning(project.database, 'ADD COLUMN remark');
    run.child.kill('SIGKILL');
    await run.ended;
    const next = await project.kat('up', { env });
    expect(next.code).toBe(5);
    expect(next.stderr).toContain('statement 3 of 1_t1 was interrupted in an earlier run');
    expect(next.stderr).toContain('does not undo statement 3');
    await reader.release();
    expect(await rowsOf(project)).toEqual([1]);
    expectDone(await project.kat('repair --done 1_t1 --yes', { env }));
    expect(await project.applied()).toEqual(['1_t1']);
  });

  test('a run that is stopped in a statement past its lease: its entry is refused', async () => {
    const project = await playServer({
      ...server,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    const reader = await lockLater(project);
    const first = await project.start('up', { env });
    await untilRunning(project.database, 'ADD COLUMN remark');
    first.child.kill('SIGSTOP');
    const second = await project.kat('up', { env });
    expect(second.stderr).toContain('statement 3 of 1_t1 was interrupted in an earlier run');
    await reader.release();
    first.child.kill('SIGCONT');
    const { code, stderr } = await first.ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain('another run has taken the lease');
    expect(await rowsOf(project)).toEqual([1]);
    expect(await project.applied()).toEqual([]);
    expect((await journal(project)).at(-1)).toBe('3 statement started');
  });

  test('what needs a transaction around several statements is refused, and nothing runs', async () => {
    const project = await playServer({
      ...server,
      migrations: { '1_t1': { up: 'BEGIN; CREATE TABLE t1 (); COMMIT;', down: 'DROP TABLE t1;' } },
    });
    const wrapped = await project.kat('up', { env });
    expect(wrapped.stderr).toContain('1_t1 has BEGIN and COMMIT around its statements');
    project.write('migrations/1_t1/up.sql', 'CREATE TABLE t1 ();\n');
    for (const flag of ['--dry-run=rollback', '--single-transaction']) {
      const { code, stderr } = await project.kat(`up ${flag}`, { env });
      expect([code, stderr]).toEqual([2, expect.stringContaining('does not undo DDL together with rows')]);
    }
    expect(await column(project.database, `SELECT relname FROM pg_class WHERE relname = 't1'`)).toEqual([]);
  });
});

/** Keeps the third statement from its table as soon as the second one has written into it. */
async function lockLater({ database }: DatabaseProject) {
  await database.query(`CREATE TABLE gate ();
    CREATE FUNCTION hold() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN
      IF current_query() LIKE '%remark%' THEN SET LOCAL lock_timeout = 0; LOCK TABLE gate; END IF; END$$;
    CREATE EVENT TRIGGER hold ON ddl_command_start WHEN TAG IN ('ALTER TABLE', 'CREATE INDEX') EXECUTE FUNCTION hold()`);
  return holdTransaction(database, 'LOCK TABLE gate');
}

const plainVersion =
  'PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit';

describe.concurrent('failures of such servers', () => {
  test.each(['XXA00', '40003', '57014'])(
    '%s: the statement may be done in part, so it is half done',
    async (sqlstate) => {
      let isBroken = true;
      const breaks = (sql: string) =>
        cockroach.rewrite(sql).replace(/ALTER TABLE t1 ADD COLUMN half[^;]*/, (own) => {
          const failure = isBroken ? `; COMMIT; ${raise(sqlstate, 'partially done')}` : '';
          isBroken = false;
          return own + failure;
        });
      const project = await playServer({
        ...cockroach,
        rewrite: breaks,
        migrations: withThird('ALTER TABLE t1 ADD COLUMN half int'),
      });
      const failed = await project.kat('up', { env });
      expect(failed.code).toBe(5);
      expect(failed.stderr).toContain(`partially done (SQLSTATE ${sqlstate})`);
      expect(failed.stderr).toContain('This server (CockroachDB CCL v25.1.2) does not undo statement 3');
      expect(failed.stderr).not.toContain('rolled back');
      const again = await project.kat('up', { env });
      expect([again.code, again.stderr]).toEqual([5, expect.stringContaining('kat repair --retry 1_t1')]);
      await project.database.query('ALTER TABLE t1 DROP COLUMN half');
      expectDone(await project.kat('repair --retry 1_t1 --yes', { env }));
      expectDone(await project.kat('up', { env }));
      expect(await rowsOf(project)).toEqual([1]);
    },
  );

  test.each([
    ['a procedure', 'CALL fill()', [1]],
    ['a DO block', 'DO $$BEGIN CALL fill(); END$$', [1]],
    ['a function', 'SELECT note()', []],
  ])('40001 out of %s, which may have committed before: it is not begun again', async (_, third, kept) => {
    const project = await playServer({ ...cockroach, migrations: withThird(third) });
    const conflictOnce = `IF nextval('tries') = 1 THEN RAISE 'restart transaction' USING ERRCODE = '40001'; END IF`;
    await project.database.query(`CREATE TABLE batches (id int); CREATE SEQUENCE tries;
      CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$BEGIN INSERT INTO batches VALUES (1); COMMIT; ${conflictOnce}; END$$;
      CREATE FUNCTION note() RETURNS void LANGUAGE plpgsql AS $$BEGIN ${conflictOnce}; END$$`);
    const failed = await project.kat('up', { env });
    expect(failed.code).toBe(5);
    expect(failed.stderr).toContain('does not undo statement 3');
    expect(await journal(project)).not.toContain('3 statement undone');
    expect((await project.kat('up', { env })).code).toBe(5);
    expect(await column(project.database, 'SELECT id FROM batches')).toEqual(kept);
    expectDone(await project.kat('repair --done 1_t1 --yes', { env }));
  });

  test('a refused definition that names a function of its own runs nothing: it continues there', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: withThird('ALTER TABLE nothing ADD COLUMN note int DEFAULT unique_rowid()'),
    });
    const failed = await project.kat('up', { env });
    expect(failed.stderr).toContain('it continues at statement 3');
    expect(await journal(project)).toContain('3 statement undone');
  });

  test('OC001 and OC000 of statements, entries and records: all of them are tried again', async () => {
    const states = [
      'CREATE TABLE t1',
      'INSERT INTO t1',
      `'up', 'statement finished'`,
      `'up', 'succeeded'`,
      `'up', 'started'`,
    ];
    const rewrite = states.reduce(
      (inner, text) => failNext(text, ['OC001', 'OC000'], inner),
      dsql.rewrite as (sql: string) => string,
    );
    const project = await playServer({
      ...dsql,
      rewrite,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    const { kat, events } = openKat(project, { database: project.url });
    await kat.up();
    expect(eventsOf(events, 'retrying').map(({ error }) => error.message)).toHaveLength(10);
    expect(await rowsOf(project)).toEqual([1]);
    expect(await project.applied()).toEqual(['1_t1']);
  });

  test('without time to retry, a conflict ends the run, and the next one continues', async () => {
    const project = await playServer({
      ...dsql,
      rewrite: failNext('ADD COLUMN remark', ['OC001'], dsql.rewrite),
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    const { kat } = openKat(project, { database: project.url, retryForMs: 0 });
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
    await kat.up();
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('a lost answer: the statement is not repeated', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    project.proxy.when('ADD COLUMN remark', { kind: 'lose answer' });
    const failed = await project.kat('up', { env });
    expect([failed.code, failed.stderr]).toEqual([5, expect.stringContaining('does not undo statement 3')]);
    expectDone(await project.kat('repair --done 1_t1 --yes', { env }));
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('a lost answer to a row: the journal tells', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    project.proxy.when('INSERT INTO t1', { kind: 'lose answer' });
    expectDone(await project.kat('up', { env }));
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('an index that PostgreSQL would build again is not begun again either', async () => {
    const project = await playServer({
      ...yugabyte,
      migrations: withThird('CREATE INDEX CONCURRENTLY remark ON t1 (id)', { noTransaction: true }),
    });
    const gate = await lockLater(project);
    const run = await project.start('up', { env });
    await untilRunning(project.database, 'INDEX CONCURRENTLY remark');
    run.child.kill('SIGKILL');
    await run.ended;
    const next = await project.kat('up', { env });
    await gate.release();
    expect([next.code, next.stderr]).toEqual([
      5,
      expect.stringContaining('statement 3 of 1_t1 was interrupted'),
    ]);
  });

  test('40003 of a row: the journal tells whether it is committed', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: withThird('ALTER TABLE t1 ADD COLUMN remark text'),
    });
    const ambiguous = { sqlstate: '40003', message: 'result is ambiguous' };
    project.proxy.when('INSERT INTO t1', { kind: 'fail answer', ...ambiguous });
    expectDone(await project.kat('up', { env }));
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('a program needs a transaction', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: {
        '1_t1': { up: 'export default async () => {};', names: { up: 'up.mjs' }, down: 'SELECT 1;' },
      },
    });
    expect((await project.kat('up', { env })).stderr).toContain(
      '1_t1 is a program, which needs a transaction',
    );
  });

  test('advisory locks that lock: no lease, and statement by statement all the same', async () => {
    const project = await playServer({
      version: yugabyte.version,
      rewrite: yugabyte.rewrite,
      migrations: tableMigrations(2),
    });
    expectDone(await project.kat('up', { env }));
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(await column(project.database, `SELECT to_regclass('migrations_lease')::text`)).toEqual([null]);
  });

  test.each([
    ['Aurora DSQL', dsql, 'CREATE INDEX ASYNC i ON t1 (id)', / ASYNC/g],
    [
      'YugabyteDB',
      yugabyte,
      'CREATE TABLE t2 (id int PRIMARY KEY) SPLIT INTO 4 TABLETS',
      / SPLIT INTO \d TABLETS/g,
    ],
    ['CockroachDB', cockroach, 'CREATE INDEX i ON t1 (id) USING HASH', / USING HASH/g],
  ])('%s: its own clauses are sent as they are', async (_, server, statement, clause) => {
    let sent = 0;
    const withoutClause = (sql: string) =>
      sql.replaceAll(clause, () => {
        sent += 1;
        return '';
      });
    const project = await playServer({
      ...server,
      rewrite: (sql) => server.rewrite(withoutClause(sql)),
      migrations: withThird(`${statement};\nALTER TABLE nothing ADD x int`),
    });
    expect((await project.kat('up --dry-run', { env })).code).toBe(0);
    expect((await project.kat('plan', { env })).code).toBe(0);
    expect((await project.kat('up', { env })).stderr).toContain('it continues at statement 4');
    expect(sent).toBe(1);
    expectDone(await project.kat('repair --done 1_t1 --yes', { env }));
    expect(await project.applied()).toEqual(['1_t1']);
    expectDone(await project.kat('down --yes', { env }));
  });

  test('on PostgreSQL itself such a clause is a syntax error', async () => {
    const project = await playServer({
      version: plainVersion,
      migrations: withThird('CREATE INDEX ASYNC i ON t1 (id)'),
    });
    const { code, stderr } = await project.kat('up', { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('syntax error at or near')]);
  });

  test('several sessions and a plan that was reviewed', async () => {
    const project = await playServer({ ...cockroach, migrations: tableMigrations(3) });
    const { kat } = openKat(project, { database: project.url });
    const plan = await kat.plan();
    await kat.up({ plan: { planId: plan.planId as string }, jobs: 4 });
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    await eventually('the end of the lease', async () => (await kat.status()).runners.length === 0);
  });
});
