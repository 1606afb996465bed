/** The SQL of a snapshot, loaded into an empty database, makes a schema with the same snapshot. */

import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { renderSchema } from '../../../src/sql/ddl/render-schema.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import { databaseNames, openSnapshotDatabase } from '../snapshot/databases.js';
import { richSchema } from '../snapshot/rich-schema.js';

const days = "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')";
const byDay = `CREATE TABLE p (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF p ${days};`;
const attach = `ALTER TABLE p ATTACH PARTITION p1 ${days};`;

const schemas: readonly (readonly [name: string, sql: string])[] = [
  [
    'a typed table with keys, checks and defaults of its own',
    `CREATE TYPE comp AS (x int, y text, z int);
     CREATE TABLE typed OF comp (x WITH OPTIONS PRIMARY KEY, y DEFAULT 'q' CHECK (y <> ''), z NOT NULL);
     CREATE TABLE plain OF comp;`,
  ],
  [
    'what is said about an event trigger',
    `CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
     CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION et(); COMMENT ON EVENT TRIGGER ev IS 'e';`,
  ],
  [
    'indexes of partitions under names of their own and under made ones',
    `${byDay} CREATE TABLE "P2" PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
     CREATE INDEX p_at ON ONLY p (at); CREATE INDEX by_day ON p1 (at); CREATE INDEX ON "P2" (at);
     ALTER INDEX p_at ATTACH PARTITION by_day; ALTER INDEX p_at ATTACH PARTITION "P2_at_idx";
     CREATE INDEX p_id ON p (id DESC, (id + 1)); ALTER INDEX "P2_id_expr_idx" RENAME TO own;`,
  ],
  [
    'keys and foreign keys of partitions under names of their own',
    `CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE p (id int, at date) PARTITION BY RANGE (at); ALTER TABLE p ADD PRIMARY KEY (id, at);
     CREATE TABLE p1 (id int CONSTRAINT p_id_not_null NOT NULL CONSTRAINT own_u REFERENCES u, at date CONSTRAINT p_at_not_null NOT NULL, CONSTRAINT "Own" PRIMARY KEY (id, at));
     ALTER TABLE p ADD CONSTRAINT p_u FOREIGN KEY (id) REFERENCES u; ${attach}
     CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');`,
  ],
  [
    'children that were declared before, without the defaults of their parents',
    `CREATE TABLE m (x int DEFAULT 1, y int DEFAULT 2, z int); CREATE TABLE k (x int, y int DEFAULT 2, z int);
     ALTER TABLE k INHERIT m; CREATE TABLE l () INHERITS (m);`,
  ],
];

describe.each(databaseNames)('the SQL of a snapshot of %s', (name) => {
  it('loads into the same schema', async () => {
    const source = await openSnapshotDatabase(name, `${richSchema}; COMMENT ON SCHEMA public IS 'of all'`);
    const snapshot = await readSnapshot(source.session);
    await source.close();
    const target = await openSnapshotDatabase(name, 'SET check_function_bodies = off');
    const blank = await readSnapshot(target.session);
    const { changes, objects, incomplete } = renderSchema(snapshot, blank);
    expect(changes).toEqual([`COMMENT ON SCHEMA public IS 'of all'`]);
    const statements = [...changes, ...objects.flatMap((object) => object.statements)];
    for (const sql of statements) await target.session.execute(sql);
    const loaded = await readSnapshot(target.session);
    await target.close();
    expect(incomplete.map(({ kind }) => kind)).toEqual(['server']);
    // Secrets are in no snapshot.
    expect(compareSnapshots(snapshot, loaded).map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^server remote was changed: options .* password hidden/),
    ]);
  });

  it.each(schemas)('loads with %s', async (_, sql) => {
    const source = await openSnapshotDatabase(name, sql);
    const snapshot = await readSnapshot(source.session);
    await source.close();
    const target = await openSnapshotDatabase(name, 'SET check_function_bodies = off');
    const { changes, objects } = renderSchema(snapshot, await readSnapshot(target.session));
    const statements = [...changes, ...objects.flatMap((object) => object.statements)];
    for (const statement of statements) await target.session.execute(statement);
    const loaded = await readSnapshot(target.session);
    await target.close();
    expect(compareSnapshots(snapshot, loaded).map(({ sentence }) => sentence)).toEqual([]);
  });
});
