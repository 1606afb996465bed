/** Compares what is predicted of a change from one type to another with what servers do, for all types that PostgreSQL brings. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseSettings, Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { predictImpact } from '../../../src/sql/impact/predict-impact.js';
import { followStatement } from '../../../src/sql/schema/follow-statement.js';
import { emptySchema } from '../../../src/sql/schema/schema.js';
import { loadParser, tryParse } from '../../../src/sql/syntax/parse.js';
import { freshDatabase, majors, type TestDatabase } from '../../support/database.js';
import { readTypePairs, type TypePair } from './type-pairs.js';

const parser = await loadParser();

function predict({ from, to, isIndexed }: Omit<TypePair, 'does'>, zone: string): TypePair['does'] {
  const index = isIndexed ? 'CREATE INDEX ON t (a);' : '';
  const schema = emptySchema();
  const sql = `CREATE TABLE t (a ${from}); ${index} SET TimeZone = '${zone}'; ALTER TABLE t ALTER a TYPE ${to}`;
  const statements = tryParse(parser, sql) ?? [];
  for (const { node } of statements.slice(0, -1)) followStatement(schema, node, '1_t');
  const last = statements.at(-1);
  if (!last) throw new Error(`no SQL: ${sql}`);
  const { rewrites, scans } = predictImpact(last.node, schema, 14);
  if (rewrites.length > 0) return 'rewrite';
  return scans.length > 0 ? 'scan' : 'free';
}

const servers: (number | 'PGlite')[] = ['PGlite', ...majors()];

describe.each(servers)('on %s', (server) => {
  let database: TestDatabase | undefined;
  let session: Session;
  let close: () => Promise<void>;

  beforeAll(async () => {
    if (server !== 'PGlite') database = await freshDatabase(server);
    const settings: DatabaseSettings = database
      ? { driver: 'postgres', url: database.url }
      : { driver: 'pglite' };
    const driver = await openDriver(settings);
    session = await driver.open('test');
    close = async () => {
      await session.close();
      await driver.close();
    };
  });

  afterAll(async () => {
    await close();
    await database?.drop();
  });

  test.each([
    ['America/New_York', '%', 200],
    ['UTC', 'timestamp%', 30],
  ])('in the time zone %s', async (zone, types, cheap) => {
    const pairs = await readTypePairs(session, zone, types);
    const wrong = pairs
      .map((pair) => ({ ...pair, predicted: predict(pair, zone) }))
      .filter(({ does, predicted }) => does !== predicted);
    expect(wrong).toEqual([]);
    expect(pairs.filter(({ does }) => does !== 'rewrite').length).toBeGreaterThan(cheap);
  });
});
