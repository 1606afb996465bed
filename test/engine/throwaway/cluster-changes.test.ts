import { expect, it } from 'vitest';
import { describeClusterChange, mayChangeCluster } from '../../../src/engine/throwaway/cluster-changes.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { cases } from '../../sql/effects/oracle-cases.js';

const spelledOtherwise = [
  "DO E'BEGIN CREATE\\nROLE boss; END'",
  "DO U&'BEGIN CREATE !0052OLE boss; END' UESCAPE '!'",
  "DO $$ BEGIN EXECUTE 'CREATE RO' || 'LE boss'; END $$",
  "DO 'BEGIN CREATE RO'\n'LE boss; END'",
  "DO 'BEGIN CREATE RO' -- and on\n'LE boss; END'",
  'CREATE/**/ROLE/**/boss',
  'create uSER boss',
  'GRANT boss TO reader',
  'REASSIGN OWNED BY boss TO reader',
  'DROP OWNED BY boss',
  'ALTER SYSTEM SET work_mem = 1',
  'CREATE TABLESPACE fast LOCATION $$/fast$$',
  'CREATE SUBSCRIPTION s CONNECTION $$$$ PUBLICATION p',
];

it('takes no text for harmless that changes what a server shares', async () => {
  const parser = await loadParser();
  const all = [...cases, ...spelledOtherwise];
  const changing = all.filter((sql) => describeClusterChange([readEffects(parser, sql)]) !== undefined);
  expect(changing.length).toBeGreaterThan(20);
  expect(changing.filter((sql) => !mayChangeCluster(sql))).toEqual([]);
  expect(spelledOtherwise.filter((sql) => !mayChangeCluster(sql))).toEqual([]);
});

it('need not read the usual text closely', () => {
  const usual =
    "CREATE TABLE users (id bigint PRIMARY KEY, role_name text DEFAULT 'none');\nDROP INDEX by_groups;\n";
  expect(mayChangeCluster(usual)).toBe(false);
});
