/** The SQL between two schemas names what it can do to values, and PostgreSQL agrees. */

import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { castType, keepsValues } from '../../../src/sql/ddl/type-casts.js';
import { freshDatabase, majors } from '../../support/database.js';
import { documentOf } from '../../support/document.js';
import { projectOn } from '../../support/kat-project.js';
import { emptyPglite } from '../../support/pglite.js';

/** Each type with values that a narrower or another type could not hold. */
const samples: Readonly<Record<string, readonly string[]>> = {
  smallint: ['7', '-32768'],
  integer: ['70000', '0'],
  bigint: ['9007199254740993', '1'],
  numeric: ['1.23456', '12345678901234567890'],
  'numeric(10,2)': ['1.23'],
  'numeric(12,6)': ['1.234567'],
  'numeric(6,0)': ['42'],
  'numeric(6,-2)': ['1200'],
  real: ['1.5', '0.1'],
  'double precision': ['1.23456789012345', '0.1'],
  text: [
    '2020-01-02 a text longer than twenty',
    '007',
    ' 7',
    'TRUE',
    '10.0.0.1/24',
    '{"a":1,"a":2}',
    '10101011',
    `ab${' '.repeat(30)}`,
  ],
  'character varying': ['abc', 'x'.repeat(50), `ab${' '.repeat(30)}`],
  'character varying(20)': ['exactly twenty here!', '1.5', `ab${' '.repeat(18)}`],
  'character varying(5)': ['abc', 'ab   '],
  'character varying(2)': ['ab', 'a '],
  bpchar: ['abc', 'ab   '],
  'character(10)': ['ab'],
  'character(3)': ['abc'],
  'bit(8)': ['10101010'],
  'bit(4)': ['1010'],
  'bit varying': ['1010101011'],
  'bit varying(4)': ['101'],
  date: ['2020-02-03', 'infinity'],
  'timestamp without time zone': ['2020-02-03 10:11:12.345678'],
  'timestamp(0) without time zone': ['2020-02-03 10:11:12'],
  'timestamp with time zone': ['2020-02-03 10:11:12.345678+00'],
  'timestamp(3) with time zone': ['2020-02-03 10:11:12.345+00'],
  'time without time zone': ['10:11:12.345678'],
  interval: ['1 day 2.345678 s', '25:00:00'],
  'interval(0)': ['3 s'],
  boolean: ['true'],
  json: ['{"b": 1, "a": 2, "a": 3}'],
  jsonb: ['{"a": 1}'],
  inet: ['10.0.0.1/24'],
  cidr: ['10.0.0.0/24'],
  macaddr: ['08:00:2b:01:02:03'],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  bytea: ['\\x00ff'],
  name: ['abc'],
  'integer[]': ['{1,70000}'],
  'bigint[]': ['{1,9007199254740993}'],
  'character varying[]': ['{abc,abcdefgh}', '{"ab          "}'],
  'character varying(5)[]': ['{abc}', '{"ab   "}'],
  'bit(4)[]': ['{1010}'],
  'text[]': ['{007,abc}'],
  'numeric(10,2)[]': ['{1.23}'],
};

const types = Object.keys(samples);

describe('what a cast keeps', () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await emptyPglite();
  });
  afterAll(() => database.close());

  /** @returns whether any value that went through differs when it comes back. */
  async function differs(from: string, to: string): Promise<boolean> {
    for (const value of samples[from] ?? []) {
      try {
        await database.exec('BEGIN');
        await database.exec(`CREATE TABLE t (v ${from})`);
        await database.query(`INSERT INTO t SELECT $1::text::${from}`, [value]);
        const [old] = (await database.query<{ v: string }>('SELECT v::text FROM t')).rows;
        await database.exec(`ALTER TABLE t ALTER v TYPE ${to} USING v::${castType(from, to)}`);
        await database.exec(`ALTER TABLE t ALTER v TYPE ${from} USING v::${castType(to, from)}`);
        const [next] = (await database.query<{ v: string }>('SELECT v::text FROM t')).rows;
        if (next?.v !== old?.v) return true;
      } catch {
        // Refused: nothing changes.
      } finally {
        await database.exec('ROLLBACK');
      }
    }
    return false;
  }

  test.each(types)('of %s', async (from) => {
    const lost: string[] = [];
    for (const to of types) if (keepsValues(from, to) && (await differs(from, to))) lost.push(to);
    expect(lost).toEqual([]);
  });

  async function isTaken(from: string, to: string, cast: string): Promise<boolean> {
    try {
      await database.exec(
        `BEGIN; CREATE TABLE t (v ${from}); ALTER TABLE t ALTER v TYPE ${to} USING v::${cast}`,
      );
      return true;
    } catch {
      return false;
    } finally {
      await database.exec('ROLLBACK');
    }
  }

  test.each(types)('from %s: no cast is refused that PostgreSQL has', async (from) => {
    const refused: string[] = [];
    for (const to of types) {
      const cast = castType(from, to);
      if (cast !== to && (await isTaken(from, to, to)) && !(await isTaken(from, to, cast))) refused.push(to);
    }
    expect(refused).toEqual([]);
  });

  test('no cast cuts a text or bits off', async () => {
    for (const to of ['character varying(5)', 'character(3)', 'bit(4)', 'bit varying(4)']) {
      for (const from of ['text', 'character varying', 'bit varying', 'bit(8)']) {
        expect({ from, to, lost: keepsValues(from, to) && (await differs(from, to)) }).toMatchObject({
          lost: false,
        });
      }
    }
    expect(castType('text[]', 'character varying(5)[]')).toBe('character varying[]');
  });

  test('what is not known is not called kept', () => {
    expect(keepsValues('timestamp with time zone', 'date')).toBe(false);
    expect(keepsValues('numeric(12,6)', 'numeric(10,2)')).toBe(false);
    expect(keepsValues('text', 'character varying(5)')).toBe(false);
    expect(keepsValues('character varying(5)', 'character varying(20)')).toBe(true);
    expect(keepsValues('app.money', 'app.cash')).toBe(false);
    expect(keepsValues('app.money', 'text')).toBe(true);
  });
});

const migration = `CREATE TYPE place AS (x int);
CREATE TABLE t (id int PRIMARY KEY, short varchar(5), price numeric(10,2), day date, whole int, here place, wide int);
INSERT INTO t VALUES (1, 'abc', 1.5, '2020-01-01', 1, row(1), 1);`;

const byHand = `ALTER TABLE t ALTER short TYPE text, ALTER price TYPE numeric(12,6), ALTER day TYPE timestamp, ALTER whole TYPE numeric;
ALTER TABLE t ALTER wide TYPE bigint; ALTER TYPE place ADD ATTRIBUTE name text;
UPDATE t SET short = 'longer than five', price = 1.234567, day = '2020-01-01 10:00', whole = 1.5, here = row(1, 'here');`;

interface Difference {
  object: string;
  putBack: { statements: string[]; losesData: boolean };
}

test.each(majors())(
  'drift on PostgreSQL %s marks what would change values, and its SQL cuts nothing off',
  async (major) => {
    const project = await projectOn(major, { migrations: { '1_t': migration } });
    expect((await project.kat('up')).code).toBe(0);
    await project.database.query(byHand);
    const text = (await project.kat('drift', { timeoutMs: 60_000 })).stdout;
    expect(text).toContain(
      '  to undo it (can lose rows or values):\n    -- ALTER TABLE public.t ALTER COLUMN day TYPE date USING day::date;\n',
    );
    expect(text).toContain(
      '  to undo it (can lose rows or values):\n    -- ALTER TYPE public.place DROP ATTRIBUTE name CASCADE;\n',
    );
    const { differences } = documentOf(
      await project.kat('drift --json', { timeoutMs: 60_000 }),
    ) as unknown as {
      differences: Difference[];
    };
    const losing = differences.filter(({ putBack }) => putBack.losesData).map(({ object }) => object);
    expect(losing.sort()).toEqual([
      'column public.t.day',
      'column public.t.price',
      'column public.t.short',
      'column public.t.whole',
      'composite type public.place',
    ]);
    const kept = differences.filter(({ putBack }) => !putBack.losesData);
    for (const { putBack } of kept) {
      for (const sql of putBack.statements) await project.database.query(sql).catch(() => undefined);
    }
    const [row] = (await project.database.query('SELECT short, wide::text FROM t')) as [{ short: string }];
    expect(row).toEqual({ short: 'longer than five', wide: '1' });
    await expect(
      project.database.query(
        differences.find(({ object }) => object.endsWith('.short'))?.putBack.statements[0] ?? '',
      ),
    ).rejects.toThrow('value too long for type character varying(5)');
  },
);

test('a migration of drift --adopt fails on a longer text elsewhere, and cuts nothing off', async () => {
  const project = await projectOn(majors().at(-1) as number, {
    migrations: { '1_t': 'CREATE TABLE t (note text);' },
  });
  expect((await project.kat('up')).code).toBe(0);
  await project.database.query('ALTER TABLE t ALTER note TYPE varchar(5)');
  const other = await freshDatabase(majors().at(-1) as number);
  const env = { KAT_MIGRATION_DATABASE_URL: other.url };
  expect((await project.kat('up', { env })).code).toBe(0);
  await other.query("INSERT INTO t VALUES ('longer than five')");
  expect((await project.kat('drift --adopt short', { timeoutMs: 60_000 })).code).toBe(0);
  const { code, stderr } = await project.kat('up', { env });
  expect(code).toBe(1);
  expect(stderr).toContain('value too long for type character varying(5)');
  expect(await other.query('SELECT note FROM t')).toEqual([{ note: 'longer than five' }]);
});
