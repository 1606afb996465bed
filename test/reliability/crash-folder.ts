/** A folder with every kind of migration, made from a seed, and what a database looks like when all of it is applied. */

import type { TestDatabase } from '../support/database.js';
import type { MigrationSource } from '../support/kat-project.js';

/** Numbers from 0 up to but not 1, always the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kinds of migrations, by number of the table that they make. What they add must happen exactly once: rows of `events`
 * are counted, columns and constraints cannot be added twice.
 */
const kinds: readonly ((n: number) => Omit<MigrationSource, 'parents'>)[] = [
  (n) => ({ up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nINSERT INTO events VALUES (${n});` }),
  (n) => ({
    up: `CREATE TABLE t${n} (id int, a int);
INSERT INTO t${n} SELECT g, g % 7 FROM generate_series(1, 2000) g;
CREATE INDEX ON t${n} (a);
INSERT INTO events VALUES (${n});`,
  }),
  (n) => ({
    up: `CREATE TABLE t${n} (id int);\nSELECT pg_sleep(0.05);\nINSERT INTO events VALUES (${n});\nSELECT pg_sleep(0.05);`,
  }),
  (n) => ({
    noTransaction: true,
    up: `CREATE TABLE t${n} (id int, a int, b int);
INSERT INTO t${n} SELECT g, g % 11, g % 13 FROM generate_series(1, 3000) g;
CREATE INDEX CONCURRENTLY t${n}_a ON t${n} (a);
INSERT INTO events VALUES (${n});
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t${n}_id ON t${n} (id);
ALTER TABLE t${n} ADD CONSTRAINT t${n}_key UNIQUE USING INDEX t${n}_id;
DROP INDEX CONCURRENTLY t${n}_a;
CREATE INDEX CONCURRENTLY t${n}_b ON t${n} (b);`,
  }),
  (n) => ({
    noTransaction: true,
    up: `SET search_path = side, public;
CREATE TABLE side.t${n} (id int);
DO $$ BEGIN INSERT INTO public.events VALUES (${n}); END $$;
SELECT pg_sleep(0.1);
ALTER TABLE t${n} ADD COLUMN a int;
CREATE INDEX CONCURRENTLY t${n}_a ON t${n} (a);
REINDEX INDEX CONCURRENTLY t${n}_a;`,
  }),
];

/** @returns migrations by id: each behind the one before, or for several sessions behind any one before. */
export function mixedFolder(
  random: () => number,
  { count, jobs }: { count: number; jobs: number },
): Record<string, MigrationSource> {
  const folder: Record<string, MigrationSource> = {
    '1_base': { up: 'CREATE TABLE events (n int);\nCREATE SCHEMA side;' },
  };
  for (let n = 2; n <= count; n += 1) {
    const kind = kinds[n < kinds.length + 2 ? n - 2 : Math.floor(random() * kinds.length)];
    const parent = jobs === 1 ? n - 1 : Math.max(1, Math.floor(random() * n));
    if (kind) folder[`${n}_t${n}`] = { ...kind(n), parents: [parent] };
  }
  return folder;
}

/**
 * Everything that a migration may have made, as text, and the ledger's rows; equal texts are equal databases.
 * @param jobs with several sessions, the ledger's order is another one each time.
 */
export async function describeDatabase(database: TestDatabase, jobs: number): Promise<string> {
  const [row] = await database.query(`
    SELECT json_build_object(
      'relations', (SELECT json_agg(format('%s.%s %s %s %s', n.nspname, c.relname, c.relkind, i.indisvalid,
          coalesce(pg_get_indexdef(i.indexrelid), (SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)))
          ORDER BY n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
        WHERE n.nspname IN ('public', 'side') AND c.relkind IN ('r', 'i')),
      'constraints', (SELECT json_agg(conname ORDER BY conname) FROM pg_constraint WHERE conname ~ '^t[0-9]+_key$'),
      'events', (SELECT json_agg(n ORDER BY n) FROM events),
      'ledger', (SELECT json_agg(name ORDER BY ${jobs === 1 ? 'id' : 'name'}) FROM migrations)) AS description`);
  return JSON.stringify(row?.description, null, 1);
}
