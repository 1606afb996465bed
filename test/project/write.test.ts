import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadMigrations } from '../../src/project/folder/load.js';
import { type NewMigration, writeMigration } from '../../src/project/folder/write.js';
import { parseMetadataFast } from '../../src/project/metadata/metadata-fast.js';
import { failureOf, makeFolder } from './temporary.js';

const now = 1679012345;

function write(directory: string, facts: Partial<NewMigration> = {}) {
  return writeMigration(directory, { name: 'a', parents: [], now, ...facts });
}

describe('the folder', () => {
  test('has three files that load again', async () => {
    const directory = join(makeFolder(), 'deep', 'migrations');
    const first = write(directory, { name: 'Create Users' });
    const second = write(directory, {
      name: 'add_email',
      parents: [first.id],
      description: 'Adds "e-mail": a column',
      noTransaction: true,
    });
    expect(first).toMatchObject({
      id: '1679012345_create_users',
      timestamp: '1679012345',
      name: 'create_users',
    });
    expect(second).toEqual({
      id: '1679012346_add_email',
      timestamp: '1679012346',
      name: 'add_email',
      parents: [first.id],
      files: {
        up: join(directory, '1679012346_add_email', 'up.sql'),
        down: join(directory, '1679012346_add_email', 'down.sql'),
        metadata: join(directory, '1679012346_add_email', 'metadata.yaml'),
      },
    });
    const [users, email] = await loadMigrations(directory);
    expect(users).toMatchObject({ id: first.id, parents: [], noTransaction: false });
    expect(users?.description).toBeUndefined();
    expect(email).toMatchObject({
      id: second.id,
      description: 'Adds "e-mail": a column',
      parents: [{ text: '1679012345' }],
      noTransaction: true,
      files: second.files,
    });
    expect(readdirSync(directory)).toEqual([first.id, second.id]);
  });

  test('tells a newcomer what belongs in it', () => {
    const { files } = write(makeFolder(), { name: 'b', parents: ['1679012300_create_users'] });
    expect(
      readFileSync(files.metadata, 'utf8'),
    ).toBe(`# yaml-language-server: $schema=https://unpkg.com/kat-migrate@0/schemas/metadata.schema.json

# Name and timestamp agree with the name of the folder.
name: 1679012345_b
timestamp: 1679012345

# Migrations that must be applied before this one, by timestamp, id or name.
parents:
  - 1679012300 # create_users

# For statements that cannot run in a transaction, such as CREATE INDEX CONCURRENTLY.
# no_transaction: true
`);
    for (const file of [files.up, files.down]) {
      const lines = readFileSync(file, 'utf8').split('\n');
      expect(lines.some((line) => line.startsWith('-- '))).toBe(true);
      expect(lines.every((line) => line === '' || line.startsWith('--'))).toBe(true);
    }
  });

  test('reads the fast way and comes back, whatever description and parents are', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '7', '_', '-', '.', ' ', '#', ':', '"', '\t', '\u0085', 'é'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom('"', "'", '\\', ':', '#', '\n', '$'),
            fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)),
          ),
        }),
        fc.array(
          fc.tuple(
            fc.bigInt({ min: 0n, max: 10n ** 20n }),
            name.filter((text) => text !== ''),
          ),
        ),
        async (description, parents) => {
          const directory = makeFolder();
          const ids = parents.map(([timestamp, text]) => `${timestamp}_${text}`);
          const { files } = write(directory, { description, parents: ids });
          const fast = parseMetadataFast(readFileSync(files.metadata, 'utf8'));
          expect(fast).toBeDefined();
          const [loaded] = await loadMigrations(directory);
          expect(loaded?.description ?? '').toBe(description);
          expect(loaded?.parents.map(({ text }) => text)).toEqual(
            parents.map(([timestamp]) => String(timestamp)),
          );
          expect(loaded?.parents).toEqual(fast?.parents);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the name', () => {
  test.each([
    ['Create Users Table', 'create_users_table'],
    ['create-users!', 'createusers'],
    ['a  b', 'a__b'],
    ['../../etc/passwd', 'etcpasswd'],
    ['Größe 2', 'gre_2'],
    ['42', '42'],
    ['true', 'true'],
    ['x'.repeat(244), 'x'.repeat(244)],
  ])('%j becomes %s', async (name, expected) => {
    const directory = makeFolder();
    expect(write(directory, { name }).id).toBe(`${now}_${expected}`);
    expect(await loadMigrations(directory)).toHaveLength(1);
  });

  test.each(['', '   ', '!!!', '___', 'ß', 'x'.repeat(245), 'y'.repeat(100_000)])(
    '%j is refused',
    async (name) => {
      const directory = makeFolder();
      const error = await failureOf(() => write(directory, { name }));
      expect(error.code).toBe('USAGE');
      expect(error.help).toBeDefined();
      expect(readdirSync(directory)).toEqual([]);
    },
  );
});

describe('the timestamp', () => {
  test('is free, also when the clock jumps backwards', () => {
    const directory = makeFolder();
    const ids = [0, 0, 2, -1, -1, -1, 1].map(
      (shift, index) => write(directory, { name: `n${index}`, now: now + shift }).timestamp,
    );
    expect(new Set(ids).size).toBe(7);
    expect(ids).toEqual([0, 1, 2, -1, 3, 4, 5].map((shift) => String(now + shift)));
  });

  test('of a folder with leading zeros is taken too', () => {
    const directory = makeFolder({ '0005_a/up.sql': '' });
    expect(write(directory, { now: 5.9 }).timestamp).toBe('6');
  });

  test('that another program is just taking is left to it', () => {
    const directory = makeFolder();
    mkdirSync(join(directory, `.kat-add-${now}`));
    expect(write(directory).timestamp).toBe(String(now + 1));
  });

  test('that an interrupted program had taken is free again, and its empty folder goes; files in one stay', () => {
    const directory = makeFolder({ [`.kat-add-${now + 1}/up.sql`]: 'SELECT 1;' });
    for (const second of [now, now - 5, now + 2]) mkdirSync(join(directory, `.kat-add-${second}`));
    for (const second of [now, now - 5, now + 1]) utimesSync(join(directory, `.kat-add-${second}`), 1, 1);
    expect(write(directory).timestamp).toBe(String(now));
    expect(write(directory).timestamp).toBe(String(now + 3));
    const left = readdirSync(directory).filter((name) => name.startsWith('.'));
    expect(left).toEqual([`.kat-add-${now + 1}`, `.kat-add-${now + 2}`]);
    expect(readFileSync(join(directory, `.kat-add-${now + 1}`, 'up.sql'), 'utf8')).toBe('SELECT 1;');
  });

  test('stays unique when several programs add at once', async () => {
    const program = await bundle();
    const directory = makeFolder();
    const script = `import { writeMigration } from ${JSON.stringify(program)};
      for (let i = 0; i < 30; i++) writeMigration(${JSON.stringify(directory)}, { name: 'n' + process.pid, parents: [], now: ${now} });`;
    const { spawn } = await import('node:child_process');
    const exits = [1, 2, 3].map(
      () =>
        new Promise((resolve) => {
          spawn(process.execPath, ['--input-type=module', '-e', script]).on('exit', resolve);
        }),
    );
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);
    const migrations = await loadMigrations(directory);
    expect(migrations).toHaveLength(90);
    expect(new Set(migrations.map(({ timestamp }) => timestamp)).size).toBe(90);
    expect(readdirSync(directory)).toHaveLength(90);
  });
});

describe('all or nothing', () => {
  test('when the disk refuses to write, nothing is left behind', async () => {
    const program = await bundle();
    const folder = makeFolder();
    const directory = join(folder, 'new', 'migrations');
    const script = `import { writeMigration } from ${JSON.stringify(program)};
      try { writeMigration(${JSON.stringify(directory)}, { name: 'a', parents: [], now: 1 }); }
      catch (error) { process.stderr.write(JSON.stringify({ code: error.code, message: error.message })); process.exit(7); }`;
    // A file size limit of zero lets folders and empty files come into being and fails at the first byte, as a full disk does.
    const shell = `trap '' XFSZ; ulimit -f 0; exec "$0" --input-type=module -e "$1" 2>&1 | cat`;
    const output = execFileSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({
      code: 'FILES_INVALID',
      message: `cannot write ${directory}/1_a: the file would be too large`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a path that cannot be a folder', async () => {
    const folder = makeFolder({ file: '' });
    const error = await failureOf(() => write(join(folder, 'file', 'migrations')));
    expect(error.code).toBe('FILES_INVALID');
    expect(error.message).toContain(join(folder, 'file', 'migrations'));
    expect((await failureOf(() => write(join(folder, 'file')))).code).toBe('FILES_INVALID');
    expect((await failureOf(() => write('a\0b'))).code).toBe('FILES_INVALID');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('a folder that nothing can be made in', async () => {
    const folder = makeFolder();
    symlinkSync('/proc/self', join(folder, 'frozen'));
    const error = await failureOf(() => write(join(folder, 'frozen')));
    expect(error.code).toBe('FILES_INVALID');
    expect(error.help).toContain('permissions');
  });

  test('folders that were there before stay', async () => {
    const folder = makeFolder({ 'm/.keep': '' });
    writeFileSync(join(folder, 'm', `${now}_x`), '');
    await failureOf(() => write(join(folder, 'm', '.keep')));
    expect(readdirSync(join(folder, 'm'))).toEqual([`${now}_x`, '.keep'].sort());
  });
});

async function bundle(): Promise<string> {
  const outfile = join(makeFolder(), 'write.mjs');
  await build({
    entryPoints: ['src/project/folder/write.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}
