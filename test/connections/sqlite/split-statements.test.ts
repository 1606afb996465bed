import { expect, test } from 'vitest';
import { findErrorPlace } from '../../../src/connections/sqlite/error-place.js';
import {
  splitSqliteMigration,
  splitSqliteStatements,
} from '../../../src/connections/sqlite/split-statements.js';

const texts = (sql: string) => splitSqliteStatements(sql).map(({ text }) => text);

test.each([
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['-- a; b\nSELECT 1 /* ; */ ;;\n;', ['SELECT 1']],
  [
    `INSERT INTO "a;b" VALUES ('it''s; 1'); SELECT [c;d], \`e;f\``,
    [`INSERT INTO "a;b" VALUES ('it''s; 1')`, 'SELECT [c;d], `e;f`'],
  ],
  ['', []],
  [' ; /* open', []],
  ["SELECT 'open; text", ["SELECT 'open; text"]],
  ['SELECT 1 -- last', ['SELECT 1']],
])('%s', (sql, expected) => expect(texts(sql)).toEqual(expected));

test.each([
  ['BEGIN;\nSELECT 1;\nCOMMIT;', ['SELECT 1']],
  ['begin  immediate transaction; SELECT 1; SELECT 2; end transaction', ['SELECT 1', 'SELECT 2']],
  ['BEGIN; COMMIT;', []],
  ['BEGIN; SELECT 1;', ['BEGIN', 'SELECT 1']],
  ['SELECT 1; COMMIT;', ['SELECT 1', 'COMMIT']],
  ['BEGIN; SELECT 1; ROLLBACK;', ['BEGIN', 'SELECT 1', 'ROLLBACK']],
  ['BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT', ['SELECT 1', 'COMMIT', 'BEGIN', 'SELECT 2']],
])('a migration is split without the transaction around it: %s', (sql, expected) => {
  expect(splitSqliteMigration(sql).map(({ text }) => text)).toEqual(expected);
});

test('a trigger ends behind the END of its body, and not within it', () => {
  const trigger = `CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN
    SELECT CASE WHEN 1 THEN 2 END; UPDATE a SET b = 1; -- END;
  END`;
  expect(texts(`${trigger};\nSELECT 1`)).toEqual([trigger, 'SELECT 1']);
  expect(texts(`CREATE TRIGGER IF NOT EXISTS t BEGIN SELECT 1; END; SELECT 2;`)).toHaveLength(2);
  expect(texts('CREATE TABLE trigger_log (x); SELECT 1')).toHaveLength(2);
});

test.each([
  ['SELECT wrong FROM t', 'no such column: wrong', 7],
  ['SELECT a.wrong FROM a', 'no such column: a.wrong', 9],
  ['SELECT "no" FROM t', 'no such column: "no" - should this be a string literal in single-quotes?', 7],
  ['SELCT 1', 'near "SELCT": syntax error', 0],
  ['SELECT x FROM x', 'no such column: x', 0],
  ['SELECT 1', 'database disk image is malformed', 0],
])('%s: %s', (sql, message, place) => {
  const [statement] = splitSqliteStatements(sql);
  expect(statement && findErrorPlace(statement, message)).toBe(place);
});
