import type { Dialect } from './dialect.js';

const raise = (level: string, text: string) => `DO $$ BEGIN RAISE ${level} '${text}'; END $$`;

export const postgres: Dialect = {
  version: /^\d+(\.\d+)+$/,
  versionNumber: (version) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major * 10_000 + minor;
  },
  tags: {
    ...{ create: 'CREATE TABLE', drop: 'DROP TABLE' },
    ...{ begin: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK' },
  },
  insertTag: (rows) => `INSERT 0 ${rows}`,
  selectTag: (rows) => `SELECT ${rows}`,
  numbers: (count) => `SELECT x FROM generate_series(1, ${count}) AS t (x)`,
  hasTable: (name) => `SELECT count(*) FROM pg_class WHERE relname = '${name}'`,
  values: [
    ['true', 't'],
    [`'2020-02-03'::date`, '2020-02-03'],
    [`'{"a": 1}'::json`, '{"a": 1}'],
    ['12345678901234567890.10::numeric', '12345678901234567890.10'],
    [`'\\x00ff'::bytea`, '\\x00ff'],
    ['1.0::float8', '1'],
  ],
  codes: {
    ...{ unknownColumn: '42703', unknownTable: '42P01', existingTable: '42P07' },
    ...{ syntax: '42601', openText: '42601', check: '23514', unique: '23505', locked: '55P03' },
  },
  checkReport: { table: 't', constraint: 'positive', detail: 'Failing row contains (-1).' },
  raised: {
    setUp: '',
    sql: `DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'do not', ERRCODE = 'KA001'; END $$`,
    report: { message: 'no', hint: 'do not', sqlstate: 'KA001' },
    where: 'PL/pgSQL',
  },
  readsWholeMessage: true,
  isMessageTransaction: true,
  failedTransaction: '25P02',
  foldName: (name) => name.toLowerCase(),
  setting: {
    read: `SELECT current_setting('extra_float_digits')`,
    change: 'SET extra_float_digits = 3',
  },
  limitWait: (session, ms) => session.execute(`SET lock_timeout = '${ms}ms'`),
  notices: {
    sql: `DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two' USING HINT = 'three'; DROP TABLE IF EXISTS none; END $$`,
    expected: [
      { severity: 'NOTICE', sqlstate: '00000', message: 'one', isRaised: true },
      { severity: 'WARNING', sqlstate: '01000', message: 'two', hint: 'three', isRaised: true },
      {
        ...{ severity: 'NOTICE', sqlstate: '00000', isRaised: false },
        message: 'table "none" does not exist, skipping',
      },
    ],
    one: (text) => raise('NOTICE', text),
  },
  copy: {
    from: 'COPY copied FROM STDIN',
    to: 'COPY (SELECT generate_series(1, 3)) TO STDOUT',
    toTag: 'COPY 3',
    refused: '57014',
  },
};
