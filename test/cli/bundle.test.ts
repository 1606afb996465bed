/** `kat bundle`, and a Kat on what it writes: the same migrations without their folder. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createKat, type MigrationText } from '../../src/index.js';
import { failureOf } from '../engine/library.js';
import { commandMajors, freshDatabase } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { makeProject } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const migrations = {
  '1_a': { up: "CREATE TABLE a (text text DEFAULT 'ü`$x{}\\\u2028');", down: 'DROP TABLE a;' },
  '2_b': { up: 'CREATE INDEX CONCURRENTLY ON a (text);', down: null, parents: [1], noTransaction: true },
};

const bundled = async (project: ReturnType<typeof makeProject>, name: string): Promise<unknown> => {
  const path = join(project.folder, name);
  if (name.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
  if (name.endsWith('.cjs')) return createRequire(import.meta.url)(path);
  return (await import(pathToFileURL(path).href)).default;
};

test.each(['migrations.mjs', 'migrations.cjs', 'migrations.json'])(
  '%s has every file to the letter',
  async (name) => {
    const project = makeProject({ config, migrations });
    expect(await project.kat(`bundle --out ${name}`)).toEqual({
      ...{ code: 0, stderr: '', stdout: `wrote ${name} with 2 migrations\n` },
    });
    const fileOf = (path: string) => project.read(`migrations/${path}`);
    expect(await project.kat(`bundle --out ${name}`)).toMatchObject({ code: 0 });
    expect(await bundled(project, name)).toEqual([
      {
        id: '1_a',
        ...{ metadata: fileOf('1_a/metadata.yaml'), up: fileOf('1_a/up.sql'), down: fileOf('1_a/down.sql') },
      },
      { id: '2_b', metadata: fileOf('2_b/metadata.yaml'), up: fileOf('2_b/up.sql') },
    ]);
  },
);

test('--check finds a stale and a missing file', async () => {
  const project = makeProject({ config, migrations });
  const check = () => project.kat('bundle --out migrations.mjs --check --json');
  expect(documentOf(await check())).toMatchObject({ command: 'bundle', isValid: false });
  await project.kat('bundle --out migrations.mjs');
  expect(documentOf(await check())).toMatchObject({ isValid: true, migrations: ['1_a', '2_b'] });
  project.write('migrations/1_a/up.sql', 'SELECT 1;');
  const stale = await project.kat('bundle --out migrations.mjs --check');
  expect(stale).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('kat bundle --out migrations.mjs'),
  });
  expect(project.read('migrations.mjs')).toContain('CREATE TABLE a');
});

test('a file of others is left as it is', async () => {
  const project = makeProject({ config, migrations, files: { 'index.mjs': 'export default 1;\n' } });
  const run = await project.kat('bundle --out index.mjs');
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('it exists, and Kat did not write it'),
  });
  expect(project.read('index.mjs')).toBe('export default 1;\n');
});

test('without --out it prints the module', async () => {
  const project = makeProject({ config, migrations });
  const { stdout } = await project.kat('bundle');
  project.write('printed.mjs', stdout);
  expect(await bundled(project, 'printed.mjs')).toHaveLength(2);
  expect(documentOf(await project.kat('bundle --json'))).toMatchObject({ text: stdout });
});

describe('a Kat on migrations as values', () => {
  const database = { driver: 'pglite' } as const;
  const values: MigrationText[] = [
    { id: '1_a', up: 'CREATE TABLE a (id int);', down: 'DROP TABLE a;' },
    { id: '2_b', up: 'CREATE INDEX CONCURRENTLY ON a (id);', parents: ['1_a'], noTransaction: true },
  ];

  test('applies them as those of the folder', async () => {
    const project = makeProject({ config, migrations });
    await project.kat('bundle --out migrations.json');
    const server = await freshDatabase(commandMajors()[0] as number);
    atEndOfFile(() => server.drop());
    const own = createKat({
      migrations: (await bundled(project, 'migrations.json')) as MigrationText[],
      database: server.url,
    });
    expect((await own.up()).migrations.map(({ id }) => id)).toEqual(['1_a', '2_b']);
    const folder = createKat({ migrations: join(project.folder, 'migrations'), database: server.url });
    expect((await folder.status()).counts).toMatchObject({ applied: 2, changed: 0, missing: 0 });
  });

  test('reads what is left out as a migration without parents, and writes equal values once', async () => {
    const graph = await createKat({ migrations: values, database }).graph();
    expect(graph.migrations).toMatchObject([
      { id: '1_a', parents: [], noTransaction: false },
      { id: '2_b', parents: ['1_a'], noTransaction: true },
    ]);
    const again = await createKat({ migrations: structuredClone(values), database }).graph();
    expect(again.get('1_a').files.up).toBe(graph.get('1_a').files.up);
    const other = await createKat({ migrations: values.slice(0, 1), database }).graph();
    expect(dirname(dirname(other.get('1_a').files.up))).not.toBe(dirname(dirname(graph.get('1_a').files.up)));
    expect(existsSync(graph.get('2_b').files.down)).toBe(false);
  });

  test('refuses what would write a migration', async () => {
    const kat = createKat({ migrations: values, database });
    const refused = [
      kat.add('x'),
      kat.merge(),
      kat.squash({ to: '1_a' }),
      kat.baseline(),
      kat.import({ from: 'flyway', directory: 'sql' }),
      kat.inferParents('1_a'),
      kat.deps({ fix: true }),
      kat.lint({ fix: true }),
      kat.drift({ adopt: 'x' }),
    ];
    for (const call of refused) {
      expect(await failureOf(call)).toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('writes migrations, and these are no folder'),
      });
    }
    expect((await kat.deps()).isValid).toBe(true);
  });
});
