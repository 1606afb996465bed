import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checksum,
  findSqlFile,
  listMigrationIds,
  loadMigrations,
  readSqlFile,
} from '../../src/project/folder/load.js';
import { failureOf, makeFolder, sound } from './temporary.js';

async function messagesOf(directory: string): Promise<string[]> {
  const error = await failureOf(() => loadMigrations(directory));
  expect(error.code).toBe('FILES_INVALID');
  return error.problems.map(({ message }) => message);
}

describe('names alone', () => {
  test('folders named by ids, in the order of timestamps; nothing else', () => {
    const folder = makeFolder({
      ...sound('100_b'),
      ...sound('20_a'),
      '300_file': 'a file',
      'notes/readme.md': '',
      '.git/HEAD': '',
      '.kat-add-5/up.sql': '',
      'x.sql': '',
    });
    mkdirSync(join(folder, '99999999999999999999_empty'));
    expect(listMigrationIds(folder)).toEqual(['20_a', '100_b', '99999999999999999999_empty']);
  });

  test('a missing folder says what to do', async () => {
    const missing = join(makeFolder(), 'migrations');
    for (const action of [() => listMigrationIds(missing), () => loadMigrations(missing)]) {
      const error = await failureOf(action);
      expect(error.code).toBe('FILES_INVALID');
      expect(error.message).toBe(`cannot read the migrations folder ${missing}: it does not exist`);
      expect(error.help).toContain('migration.directory');
    }
  });
});

describe('all metadata', () => {
  test('migrations as their authors wrote them', async () => {
    const folder = makeFolder({
      ...sound(
        '20_b',
        'name: 20_b\ntimestamp: 20\nparents: [3, a]\ndescription: "x"\nno_transaction: true\n',
      ),
      ...sound('003_a', 'name: &none !!str\n'),
    });
    writeFileSync(join(folder, '003_a/metadata.yaml'), 'timestamp: 3\nname: >-\n  a\n');
    const path = (id: string, name: string) => join(folder, id, name);
    expect(await loadMigrations(folder)).toEqual([
      {
        id: '003_a',
        timestamp: '3',
        name: 'a',
        parents: [],
        noTransaction: false,
        files: {
          up: path('003_a', 'up.sql'),
          down: path('003_a', 'down.sql'),
          metadata: path('003_a', 'metadata.yaml'),
        },
      },
      {
        id: '20_b',
        timestamp: '20',
        name: 'b',
        description: 'x',
        parents: [
          { text: '3', line: 3, column: 11, sourceLine: 'parents: [3, a]' },
          { text: 'a', line: 3, column: 14, sourceLine: 'parents: [3, a]' },
        ],
        noTransaction: true,
        files: {
          up: path('20_b', 'up.sql'),
          down: path('20_b', 'down.sql'),
          metadata: path('20_b', 'metadata.yaml'),
        },
      },
    ]);
  });

  test('paths are absolute also for a relative folder', async () => {
    const folder = makeFolder(sound('1_a'));
    const [migration] = await loadMigrations(relative(process.cwd(), folder));
    expect(migration?.files.up).toBe(join(folder, '1_a', 'up.sql'));
  });

  test('down.sql may be absent', async () => {
    const folder = makeFolder(sound('1_a'));
    rmSync(join(folder, '1_a/down.sql'));
    const [migration] = await loadMigrations(folder);
    expect(migration?.files.down).toBe(join(folder, '1_a/down.sql'));
  });

  test('a byte order mark does no harm', async () => {
    const folder = makeFolder(sound('1_a', '\ufeffname: a\ntimestamp: 1\n'));
    expect(await loadMigrations(folder)).toHaveLength(1);
  });

  test('all problems of all folders at once, each with its migration', async () => {
    const folder = makeFolder({
      ...sound('1_a', 'name: b\ntimestamp: 2\n'),
      '2_no_up/metadata.yaml': 'name: no_up\ntimestamp: x\n',
      '3_empty/.keep': '',
      ...sound('4_d', ''),
      'create_users/up.sql': '',
      ...sound('5_fine'),
    });
    const error = await failureOf(() => loadMigrations(folder));
    expect(error.problems.map(({ migration, message }) => [migration, message])).toEqual([
      [undefined, `${folder}/create_users has an up.sql, but its name is not a migration id`],
      ['1_a', '`name` and the folder disagree: the folder is 1_a'],
      ['1_a', '`timestamp` and the folder disagree: the folder is 1_a'],
      ['2_no_up', '2_no_up has no up.sql'],
      ['2_no_up', '`timestamp` must be the whole number at the start of the folder name'],
      ['3_empty', '3_empty has no up.sql'],
      ['3_empty', '3_empty has no metadata.yaml'],
      ['4_d', `${folder}/4_d/metadata.yaml is empty`],
    ]);
    expect(error.message).toBe(`8 problems in ${folder}`);
  });

  test('invalid UTF-8 and NUL bytes in metadata', async () => {
    const folder = makeFolder({ ...sound('1_a'), ...sound('2_b') });
    writeFileSync(join(folder, '1_a/metadata.yaml'), Buffer.from('name: a\ntimestamp: 1\n# \xff', 'latin1'));
    writeFileSync(join(folder, '2_b/metadata.yaml'), 'name: b\ntimestamp: 2\n# \0');
    const [utf8, nul] = (await failureOf(() => loadMigrations(folder))).problems;
    expect(utf8).toMatchObject({ migration: '1_a', location: { line: 3, column: 3 } });
    expect(utf8?.message).toContain('byte offset 23');
    expect(nul).toMatchObject({ migration: '2_b', location: { line: 3, column: 3 } });
  });

  test('U+FFFD that is really written is fine', async () => {
    const folder = makeFolder(sound('1_a', 'name: a\ntimestamp: 1\ndescription: "\ufffd"\n'));
    expect((await loadMigrations(folder))[0]?.description).toBe('\ufffd');
  });
});

test('the YAML library is loaded only for metadata that needs it', async () => {
  const outfile = join(makeFolder(), 'load.mjs');
  const entryPoints = ['src/project/folder/load.ts'];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', external: ['yaml'] });
  const tryLoading = (metadata: string) => {
    const call = `(await import(${JSON.stringify(outfile)})).loadMigrations(${JSON.stringify(makeFolder(sound('1_a', metadata)))})`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', `await ${call}`], { encoding: 'utf8' });
  };
  expect(tryLoading('name: a\ntimestamp: 1\n')).toMatchObject({ status: 0, stderr: '' });
  expect(tryLoading('{ name: a, timestamp: 1 }').stderr).toContain("Cannot find package 'yaml'");
});

describe('links and strange files', () => {
  test('loops, broken links and links that leave the folder are refused with the path', async () => {
    const folder = makeFolder({ ...sound('1_a'), ...sound('2_b'), ...sound('3_c') });
    const outside = makeFolder({ 'up.sql': 'SELECT 1;', ...sound('9_x') });
    for (const id of ['1_a', '2_b', '3_c']) rmSync(join(folder, id, 'up.sql'));
    symlinkSync('up.sql', join(folder, '1_a/up.sql'));
    symlinkSync(join(outside, 'up.sql'), join(folder, '2_b/up.sql'));
    symlinkSync('nowhere', join(folder, '3_c/up.sql'));
    symlinkSync('4_loop', join(folder, '4_loop'));
    symlinkSync(join(outside, '9_x'), join(folder, '9_x'));
    expect(await messagesOf(folder)).toEqual([
      `cannot follow the symbolic link ${folder}/1_a/up.sql: its symbolic links form a loop`,
      `${folder}/2_b/up.sql points outside the migrations folder`,
      `cannot follow the symbolic link ${folder}/3_c/up.sql: it does not exist`,
      `cannot follow the symbolic link ${folder}/4_loop: its symbolic links form a loop`,
      `${folder}/9_x points outside the migrations folder`,
    ]);
    expect(listMigrationIds(folder)).toEqual(['1_a', '2_b', '3_c', '4_loop', '9_x']);
  });

  test('links that stay inside are followed, also when the folder itself is reached by one', async () => {
    const folder = makeFolder({
      'm/shared/users.sql': 'SELECT 3;',
      ...sound('m/1_a', 'name: a\ntimestamp: 1\n'),
    });
    rmSync(join(folder, 'm/1_a/up.sql'));
    symlinkSync('../shared/users.sql', join(folder, 'm/1_a/up.sql'));
    symlinkSync('m', join(folder, 'link'));
    symlinkSync('1_a/metadata.yaml', join(folder, 'm/7_file'));
    const [migration, ...more] = await loadMigrations(join(folder, 'link'));
    expect(more).toEqual([]);
    expect(readSqlFile(migration?.files.up ?? '')).toBe('SELECT 3;');
  });

  test('a folder in place of a file', async () => {
    const folder = makeFolder({ '1_a/up.sql/x': '', '1_a/metadata.yaml/x': '', '1_a/down.sql/x': '' });
    expect(await messagesOf(folder)).toEqual(
      ['up.sql', 'metadata.yaml', 'down.sql'].map((name) => `${folder}/1_a/${name} is not a regular file`),
    );
  });

  test('a file in place of the migrations folder', async () => {
    const file = join(makeFolder({ migrations: '' }), 'migrations');
    expect((await failureOf(() => loadMigrations(file))).message).toContain('not a folder');
  });
});

describe('SQL files', () => {
  test('a byte order mark goes, CRLF stays, everything else is as it is', () => {
    const text = "SELECT '\r\n€ 🐘 \ufeff';\r\n";
    const folder = makeFolder({ 'up.sql': `\ufeff${text}` });
    expect(readSqlFile(join(folder, 'up.sql'))).toBe(text);
  });

  test.each([
    ['at the start', [0xff, 0x41], { offset: 0, line: 1, column: 1, sourceLine: '�A' }],
    ['behind text', [...Buffer.from('é\r\naé\xa0'.slice(0, 5)), 0xc3], { offset: 7, line: 2, column: 3 }],
    [
      'behind a written U+FFFD',
      [...Buffer.from('\ufffd\n\ufffd'), 0x80, 0x0a, 0x41],
      { offset: 7, line: 2, column: 2 },
    ],
    ['UTF-16', [0xff, 0xfe, 0x41, 0x00], { offset: 0, line: 1, column: 1 }],
    ['a surrogate', [0x41, 0xed, 0xa0, 0x80], { offset: 1, line: 1, column: 2 }],
    ['overlong', [0x41, 0x0a, 0xc0, 0x80], { offset: 2, line: 2, column: 1 }],
  ])('invalid UTF-8 %s', async (_what, bytes, { offset, ...location }) => {
    const file = join(makeFolder({ 'up.sql': Buffer.from(bytes) }), 'up.sql');
    const error = await failureOf(() => readSqlFile(file));
    expect(error.code).toBe('FILES_INVALID');
    expect(error.message).toBe(`invalid UTF-8 at byte offset ${offset} of ${file}`);
    expect(error.problems[0]?.location).toMatchObject({ file, ...location });
    expect(error.help).toBe('Save the file as UTF-8.');
  });

  test('the offset is that of the first byte that cannot be', async () => {
    const piece = fc.constantFrom('a', 'é', '€', '🐘', '\n', '\ufffd');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece),
        fc.constantFrom([0xff], [0x80], [0xe2, 0x82], [0xc3]),
        async (pieces, bad) => {
          const good = Buffer.from(pieces.join(''));
          const file = join(
            makeFolder({ 'up.sql': Buffer.concat([good, Buffer.from(bad), Buffer.from('\n')]) }),
            'up.sql',
          );
          const error = await failureOf(() => readSqlFile(file));
          expect(error.message).toContain(`byte offset ${good.length} of`);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a NUL byte has a place', async () => {
    const file = join(makeFolder({ 'up.sql': 'SELECT 1;\n🐘a\0b' }), 'up.sql');
    const [problem] = (await failureOf(() => readSqlFile(file))).problems;
    expect(problem?.location).toEqual({ file, line: 2, column: 3, sourceLine: '🐘a␀b' });
  });

  test('a file that is gone, or is none', async () => {
    const folder = makeFolder();
    expect((await failureOf(() => readSqlFile(join(folder, 'up.sql')))).message).toContain('does not exist');
    expect((await failureOf(() => readSqlFile(folder))).message).toContain('it is a folder');
    expect((await failureOf(() => readSqlFile('a\0b'))).message).toContain('NUL byte');
  });

  test('one that may be left out', () => {
    const folder = makeFolder({ 'down.sql': 'SELECT 1;' });
    expect(findSqlFile(join(folder, 'down.sql'))).toBe('SELECT 1;');
    expect(findSqlFile(join(folder, 'up.sql'))).toBeUndefined();
  });
});

describe('checksum', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  test('is that of the text with LF and without a byte order mark', () => {
    expect(checksum('')).toBe(sha256(''));
    expect(checksum('\ufeffa\r\nb\rc\n\r\n')).toBe(sha256('a\nb\rc\n\n'));
    expect(checksum('a ')).not.toBe(checksum('a'));
  });

  test.each([-2, -1, 0, 1])('does not depend on where pieces of large files end (%d)', (shift) => {
    const edge = (1 << 20) + shift;
    for (const piece of ['\r\n', '🐘', '\r\r\n']) {
      const text = `${'x'.repeat(edge)}${piece}${'y'.repeat(edge)}`;
      expect(checksum(text)).toBe(sha256(text.replaceAll('\r\n', '\n')));
    }
  });
});
