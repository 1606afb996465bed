/** Databases whose encoding is not UTF-8: texts of migrations and of Kat itself fit in, or are refused in words. */

import { expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { idsOf, openKat } from './library.js';

test.each(
  majors().flatMap((major) =>
    ['LATIN1', 'SQL_ASCII', 'EUC_JP'].map((encoding) => [encoding, major] as const),
  ),
)('%s on PostgreSQL %i', async (encoding, major) => {
  const text = encoding === 'EUC_JP' ? '日本' : 'ü';
  const project = await projectOn(major, {
    migrations: {
      [`1_${text}`]: { up: `CREATE TABLE t AS SELECT '${text}' AS x;`, down: `-- ${text}\nDROP TABLE t;` },
    },
  });
  const name = `${project.database.name}_${encoding.toLowerCase()}`;
  await project.database.query(
    `CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
  );
  const url = project.database.url.replace(project.database.name, name);
  try {
    const { kat } = openKat(project, { database: url });
    expect(idsOf((await kat.up()).migrations)).toEqual([`1_${text}`]);
    expect((await kat.history()).entries).toMatchObject([{ migration: `1_${text}`, outcome: 'succeeded' }]);
    expect((await kat.status()).migrations).toMatchObject([{ id: `1_${text}`, state: 'applied' }]);
    await kat.down({ confirm: () => true });
    await kat.close();
  } finally {
    await project.database.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});
