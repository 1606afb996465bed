/** What later runs may rely on. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mayDependOnWorld } from '../../../src/engine/verify/cache/outside-world.js';
import { openResultStore } from '../../../src/engine/verify/cache/result-store.js';
import { atEndOfFile } from '../../support/end-of-file.js';

test.each([
  ['CREATE TABLE a (at timestamptz DEFAULT now())', false],
  ['INSERT INTO a VALUES (1, now()) ON CONFLICT DO NOTHING', false],
  ['CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch()', false],
  ['ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b', false],
  ['COPY a FROM STDIN', false],
  ["DO $$ BEGIN IF current_date > '2030-01-01' THEN DROP TABLE a; END IF; END $$", true],
  ["DO 'BEGIN PERFORM setval(1, random()); END'", true],
  ['CALL partitions(clock_timestamp())', true],
  ["COPY a FROM '/tmp/a.csv'", true],
  ["SELECT pg_read_file('/etc/motd')", true],
  ['IMPORT FOREIGN SCHEMA public FROM SERVER x INTO y', true],
])('%s may end otherwise another time: %s', (sql, expected) => {
  expect(mayDependOnWorld(sql)).toBe(expected);
});

test('half a file, one of another key and an old one are no results', () => {
  const cache = mkdtempSync(join(tmpdir(), 'kat-cache-'));
  atEndOfFile(() => rmSync(cache, { recursive: true }));
  const store = openResultStore({ XDG_CACHE_HOME: cache, LOCALAPPDATA: cache });
  const folder = join(cache, 'kat-migrate', 'verify');
  store?.write('one', { a: 1 });
  expect(readdirSync(folder)).toEqual(['one.json']);
  expect(store?.read('one')).toEqual({ a: 1 });
  const whole = readFileSync(join(folder, 'one.json'), 'utf8');
  writeFileSync(join(folder, 'other.json'), whole);
  writeFileSync(join(folder, 'half.json'), whole.slice(0, -2));
  expect([store?.read('other'), store?.read('half'), store?.read('none')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const longAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
  utimesSync(join(folder, 'one.json'), longAgo, longAgo);
  expect(store?.read('one')).toBeUndefined();
  store?.prune();
  expect(readdirSync(folder).sort()).toEqual(['half.json', 'other.json']);
});
