/** The SQL of a snapshot, loaded into an empty database, makes a schema with the same snapshot. */

import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { renderSchema } from '../../../src/sql/ddl/render-schema.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import { databaseNames, openSnapshotDatabase } from '../snapshot/databases.js';
import { richSchema } from '../snapshot/rich-schema.js';

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
});
