/** Compares what the rooms of SQL say with what a PostgreSQL server says to the same text. */

import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadParser, parseStatements } from '../../src/sql/syntax/parse.js';
import { findRefusal } from '../../src/sql/transactions/refusals.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { emptyPglite } from '../support/pglite.js';

const parser = await loadParser();
let server: PGlite;

beforeAll(async () => {
  server = await emptyPglite();
  await server.exec(`
    create table t (id int primary key, v int);
    create index i on t (v);
    create table p (a int) partition by list (a);
    create table p1 partition of p for values in (1);
    create type e as enum ('a');
    create materialized view mv as select 1 x;
    create unique index on mv (x)`);
});

afterAll(() => server.close());

interface Complaint {
  code: string;
  message: string;
  position?: string;
}

async function complaint(sql: string): Promise<Complaint | undefined> {
  try {
    await server.exec(sql);
    return undefined;
  } catch (error) {
    return error as Complaint;
  }
}

describe('syntax errors', () => {
  it.each([
    ['create TABLEE x (a int)'],
    ['/* 😀 é */ select 1; selec 2'],
    ["select 'a"],
    ['select "a'],
    ['select $$a'],
    ['/* a /* b */'],
    ['select ""'],
    ['select 12abc'],
    ['select 0x'],
    ['create table t (a'],
    [`select '${'x'.repeat(300)}' '`],
    [String.raw`select E'\ud83d'`],
    [String.raw`select E'\u12'`],
    [String.raw`select U&'\00zz'`],
    [String.raw`select U&'\d800'`],
    [String.raw`select '\'' x`],
    [String.raw`select E'\xff'`],
    [String.raw`\i other.sql`],
    ['select :name'],
    ['\ufeffselect 1'],
    ['select 1;\u00a0select 2'],
    ['create assertion a check (true)'],
    ['create table x (a int references t match partial)'],
    ['alter table t add constraint c check (true) deferrable'],
    ['create table a.b.c.d (i int)'],
    ['select float(99) 1'],
    ["select float(99) '1'"],
    ['select * from t limit 1, 2'],
    ['select 1 fetch first 1 rows with ties'],
    [`select ${'('.repeat(10_001)}1`],
  ])('%s', async (sql) => {
    const expected = await complaint(sql);
    const { problem: found } = parseStatements(parser, sql);
    if (!found) throw new Error('the parser accepts it');
    expect({ message: found.message, code: found.sqlstate }).toEqual({
      message: expected?.message,
      code: expected?.code,
    });
    const characters = [...sql.slice(0, found.index)].length;
    expect(found.isPlaced ? String(characters + 1) : undefined).toBe(expected?.position);
  });
});

describe('inside a transaction', () => {
  it.each([
    ['create index concurrently on t (v)', 'CREATE INDEX CONCURRENTLY'],
    ['create unique index concurrently if not exists i on t (v)', 'CREATE INDEX CONCURRENTLY'],
    ['drop index concurrently if exists i', 'DROP INDEX CONCURRENTLY'],
    ['reindex index concurrently i', 'REINDEX CONCURRENTLY'],
    ['reindex (verbose, concurrently) table t', 'REINDEX CONCURRENTLY'],
    ['reindex (concurrently off, concurrently on) table t', 'REINDEX CONCURRENTLY'],
    ['reindex (concurrently 1) table t', 'REINDEX CONCURRENTLY'],
    ['reindex schema public', 'REINDEX SCHEMA'],
    ['reindex database', 'REINDEX DATABASE'],
    ['reindex system', 'REINDEX SYSTEM'],
    ['vacuum', 'VACUUM'],
    ['vacuum (analyze) t', 'VACUUM'],
    ['cluster', 'CLUSTER'],
    ['cluster (verbose)', 'CLUSTER'],
    ['alter table p detach partition p1 concurrently', 'ALTER TABLE ... DETACH CONCURRENTLY'],
    ['create database d', 'CREATE DATABASE'],
    ['drop database if exists d', 'DROP DATABASE'],
    ['alter database postgres set tablespace x', 'ALTER DATABASE SET TABLESPACE'],
    ["create tablespace x location '/x'", 'CREATE TABLESPACE'],
    ['drop tablespace if exists x', 'DROP TABLESPACE'],
    ["alter system set work_mem = '1MB'", 'ALTER SYSTEM'],
    ['alter system reset all', 'ALTER SYSTEM'],
    [
      `create subscription s connection '' publication p`,
      'CREATE SUBSCRIPTION ... WITH (create_slot = true)',
    ],
    [
      `create subscription s connection '' publication p with (create_slot)`,
      'CREATE SUBSCRIPTION ... WITH (create_slot = true)',
    ],
    ['discard all', 'DISCARD ALL'],
    ["commit prepared 'x'", 'COMMIT PREPARED'],
    ["rollback prepared 'x'", 'ROLLBACK PREPARED'],
  ])('the server refuses %s', async (sql, command) => {
    expect(await tryInTransaction(sql)).toMatchObject({
      code: '25001',
      message: `${command} cannot run inside a transaction block`,
    });
    expect(refusalOf(sql)).toBe(command);
  });

  it.each([
    ['create index on t (v)'],
    ['drop index i'],
    ['reindex table t'],
    ['reindex (concurrently false) table t'],
    ['reindex (concurrently off) table t'],
    ['reindex (concurrently 0) table t'],
    ['reindex (verbose) table t'],
    ['analyze'],
    ['cluster t using i'],
    ['alter table p detach partition p1'],
    ['alter table p detach partition p1 finalize'],
    ['alter table t add column w int'],
    ['alter database postgres set x.y = 1'],
    ['alter database postgres connection limit 3'],
    [`create subscription s connection '' publication p with (connect = false)`],
    [`create subscription s connection '' publication p with (create_slot = 'FALSE')`],
    ['discard plans'],
    ["alter type e add value 'b'"],
    ['checkpoint'],
    ['refresh materialized view concurrently mv'],
    ['lock table t'],
    ['savepoint s'],
  ])('the server does not refuse %s', async (sql) => {
    expect((await tryInTransaction(sql))?.code).not.toBe('25001');
    expect(refusalOf(sql)).toBeUndefined();
  });
});

describe.each(majors())('a subscription on PostgreSQL %i', (major) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase(major);
    const options = "CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)";
    for (const name of ['live', 'resting']) await database.query(`CREATE SUBSCRIPTION ${name} ${options}`);
    await database.query('ALTER SUBSCRIPTION live ENABLE');
  });

  afterAll(async () => {
    await database.query('ALTER SUBSCRIPTION live DISABLE');
    for (const name of ['live', 'resting']) {
      await database.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
      await database.query(`DROP SUBSCRIPTION ${name}`);
    }
    await database.drop();
  });

  const answer = async (sql: string) => {
    try {
      await database.query('BEGIN');
      await database.query(sql);
      return undefined;
    } catch (error) {
      return error as Complaint;
    } finally {
      await database.query('ROLLBACK');
    }
  };

  const refused: [sql: string, command: string, since?: number][] = [
    ['ALTER SUBSCRIPTION live REFRESH PUBLICATION', 'ALTER SUBSCRIPTION ... REFRESH'],
    ['ALTER SUBSCRIPTION live SET PUBLICATION q', 'ALTER SUBSCRIPTION with refresh'],
    ['ALTER SUBSCRIPTION live ADD PUBLICATION q WITH (refresh)', 'ALTER SUBSCRIPTION with refresh'],
    ['ALTER SUBSCRIPTION live SET PUBLICATION q WITH (refresh = on)', 'ALTER SUBSCRIPTION with refresh'],
    ['ALTER SUBSCRIPTION resting SET (failover = true)', 'ALTER SUBSCRIPTION ... SET (failover)', 17],
    ['ALTER SUBSCRIPTION resting SET (two_phase = off)', 'ALTER SUBSCRIPTION ... SET (two_phase)', 18],
  ];

  it.each(refused.filter(([, , since = 0]) => major >= since))('is refused %s', async (sql, command) => {
    expect(await answer(sql)).toMatchObject({
      code: '25001',
      message: `${command} cannot run inside a transaction block`,
    });
    expect(refusalOf(sql)).toBe(command);
  });

  it('is dropped with its slot only outside', async () => {
    expect(await answer('DROP SUBSCRIPTION resting')).toMatchObject({ code: '25001' });
    expect(await answer('ALTER SUBSCRIPTION resting SET (slot_name = NONE); DROP SUBSCRIPTION resting')).toBe(
      undefined,
    );
  });

  it.each([
    ['ALTER SUBSCRIPTION live SET PUBLICATION q WITH (refresh = false)'],
    ['ALTER SUBSCRIPTION resting SET (slot_name = none)'],
    ['ALTER SUBSCRIPTION live DISABLE'],
    ['ALTER SUBSCRIPTION resting SET (binary)'],
  ])('takes %s', async (sql) => {
    expect(await answer(sql)).toBe(undefined);
    expect(refusalOf(sql)).toBe(undefined);
  });
});

async function tryInTransaction(sql: string): Promise<Complaint | undefined> {
  await server.exec('begin');
  const found = await complaint(sql);
  await server.exec('rollback');
  return found;
}

function refusalOf(sql: string): string | undefined {
  const [statement] = parseStatements(parser, sql).statements ?? [];
  if (!statement) throw new Error(`${sql} is no statement`);
  return findRefusal(statement.node)?.command;
}
