import type { Dialect } from './dialect.js';

export const sqlite: Dialect = {
  version: /^3\.\d+\.\d+$/,
  versionNumber: (version) => {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    return major * 1_000_000 + minor * 1_000 + patch;
  },
  tags: { create: 'CREATE', drop: 'DROP', begin: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK' },
  insertTag: () => 'INSERT',
  selectTag: () => 'SELECT',
  numbers: (count) =>
    `SELECT x FROM (WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ${count}) SELECT x FROM n)`,
  hasTable: (name) =>
    `SELECT count(*) FROM (SELECT name FROM sqlite_master UNION ALL SELECT name FROM sqlite_temp_master) WHERE name = '${name}'`,
  values: [
    ['true', '1'],
    ['9223372036854775807', '9223372036854775807'],
    ['1.5', '1.5'],
    ['1.0', '1.0'],
    ['-1e22', '-1.0e+22'],
    ['1e999', 'Inf'],
    ['0.1 + 0.2', '0.30000000000000004'],
    [`x'00ff'`, `x'00ff'`],
    [`x''`, `x''`],
  ],
  codes: {
    ...{ unknownColumn: 'SQLITE_ERROR', unknownTable: 'SQLITE_ERROR', existingTable: 'SQLITE_ERROR' },
    ...{ syntax: 'SQLITE_ERROR', openText: 'SQLITE_ERROR' },
    ...{ check: 'SQLITE_CONSTRAINT_CHECK', unique: 'SQLITE_CONSTRAINT_UNIQUE', locked: 'SQLITE_BUSY' },
  },
  checkReport: {},
  raised: {
    setUp: `CREATE TEMP TABLE guarded (x); CREATE TEMP TRIGGER guard BEFORE INSERT ON guarded BEGIN SELECT raise(ABORT, 'no'); END`,
    sql: 'INSERT INTO guarded VALUES (1)',
    report: { message: 'no', sqlstate: 'SQLITE_CONSTRAINT_TRIGGER' },
  },
  readsWholeMessage: false,
  isMessageTransaction: false,
  failedTransaction: undefined,
  foldName: (name) => name,
  setting: { read: 'PRAGMA foreign_keys', change: 'PRAGMA foreign_keys = OFF' },
  limitWait: async ({ sqlite: facts }, ms) => {
    if (facts) facts.busyMs = ms;
  },
  notices: undefined,
  copy: undefined,
};
