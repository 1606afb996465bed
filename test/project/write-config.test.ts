import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConfigFlags, loadConfig } from '../../src/project/config/config.js';
import { writeConfig } from '../../src/project/config/write-config.js';
import { failureOf, makeFolder } from './temporary.js';

function writeAndLoad(values: ConfigFlags) {
  const cwd = makeFolder();
  const { file } = writeConfig(join(cwd, 'kat.conf.yaml'), values);
  return loadConfig({ cwd, file, env: {} });
}

/** The lines of the file that are in use, without comments. */
function usedLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
}

describe('the file', () => {
  test('has the promised values when nobody says anything', () => {
    const cwd = makeFolder();
    const written = writeConfig(join(cwd, 'kat.conf.yaml'), {});
    expect(written).toEqual({ file: join(cwd, 'kat.conf.yaml'), directory: join(cwd, 'migrations') });
    expect(usedLines(written.file)).toEqual([
      'migration:',
      '  tablename: migrations',
      '  directory: migrations',
      'database:',
      '  driver: postgres',
      '  user: postgres',
      `  password: \${DB_PASSWORD:-postgres}`,
      '  host: localhost',
      '  port: 5432',
      '  name: myapp',
      '  sslmode: disable',
    ]);
    expect(statSync(written.directory).isDirectory()).toBe(true);
    expect(readFileSync(written.file, 'utf8').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=https://unpkg.com/kat-migrate@0/schemas/kat.conf.schema.json',
    );
  });

  test('is readable by its owner alone', () => {
    const { file } = writeConfig(join(makeFolder(), 'kat.conf.yaml'), {});
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('with a URL, has no single fields', () => {
    const { file } = writeConfig(join(makeFolder(), 'kat.conf.yaml'), { url: 'postgres://u:p@h/d' });
    expect(usedLines(file).slice(3)).toEqual([
      'database:',
      '  driver: postgres',
      '  url: "postgres://u:p@h/d"',
    ]);
  });

  test('for PGlite, names a folder', () => {
    const { file } = writeConfig(join(makeFolder(), 'kat.conf.yaml'), { driver: 'pglite' });
    expect(usedLines(file).slice(3)).toEqual(['database:', '  driver: pglite', '  path: kat.pglite']);
  });

  test('writes numbers and booleans as such, however they were given', async () => {
    const values = { port: '5433', dryRun: 'yes', verbose: true, connectTimeout: '10s' };
    const { file } = writeConfig(join(makeFolder(), 'kat.conf.yaml'), values);
    const text = readFileSync(file, 'utf8');
    for (const line of ['  port: 5433', '  dryRun: true', 'verbose: true', '  connect_timeout: "10s"']) {
      expect(text.split('\n')).toContain(line);
    }
    expect((await loadConfig({ cwd: '/', file, env: {} })).database.connectTimeoutMs).toBe(10_000);
  });

  test('is short, and the password of the environment wins over the default', async () => {
    const cwd = makeFolder();
    const { file } = writeConfig(join(cwd, 'kat.conf.yaml'), {});
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(21);
    const passwordWith = async (env: Record<string, string>) =>
      (await loadConfig({ cwd, file, env })).database.password;
    expect(await passwordWith({})).toBe('postgres');
    expect(await passwordWith({ DB_PASSWORD: 'other' })).toBe('other');
    const inUse = readFileSync(file, 'utf8').replace('# environments', 'environments');
    const { database } = await loadConfig({
      cwd: makeFolder({ 'kat.conf.yaml': inUse }),
      env: { KAT_ENV: 'production', DATABASE_URL: 'postgres://h/d' },
    });
    expect(database).toEqual({ driver: 'postgres', url: 'postgres://h/d' });
  });
});

describe('values', () => {
  const awkward = fc.oneof(
    fc.constantFrom(
      'null',
      'true',
      'no',
      '~',
      '1e3',
      '0x1f',
      '007',
      '$HOME',
      '$$',
      `\${A:-b}`,
      '#',
      ': ',
      "'",
      '"',
      '\\',
      ' a ',
      '- a',
      '@a',
      '!a',
      '&a',
      '*a',
      '%a',
      '`a`',
      'a\nb: c',
      'a #b',
      '\u2028',
      '\u0085',
      '\ufeff',
      '🐘',
    ),
    fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0')),
    fc.string({ minLength: 1 }),
  );

  // Control characters are refused, and blanks around a value do not count; see the tests of the configuration.
  const plain = awkward.map((text) => text.replace(/\p{Cc}/gu, '').trim()).filter((text) => text !== '');

  test('load back exactly as they were given, whatever characters they have', async () => {
    await fc.assert(
      fc.asyncProperty(
        plain,
        plain,
        awkward.map((text) => text.replace(/\p{Cc}/gu, '')).filter((text) => text.trim() !== ''),
        plain,
        plain,
        async (tableName, user, password, host, name) => {
          const config = await writeAndLoad({
            tableName,
            user,
            password,
            host,
            name,
            port: 7,
            sslmode: 'require',
          });
          expect(config.migration.tableName).toBe(tableName);
          expect(config.database).toEqual({
            driver: 'postgres',
            user,
            password,
            host,
            name,
            port: 7,
            sslmode: 'require',
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('so do a URL and a path', async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (text) => {
        const url = `postgres://h/${text}`;
        expect((await writeAndLoad({ url })).database).toEqual({ driver: 'postgres', url });
        const { database, file } = await writeAndLoad({ driver: 'pglite', path: `/x/${text}/y` });
        expect(database.path?.startsWith('/')).toBe(true);
        expect(file).toContain('kat.conf.yaml');
      }),
      { numRuns: 100 },
    );
  });

  test('that do not fit are refused together, and nothing is written', async () => {
    const cwd = makeFolder();
    const error = await failureOf(() =>
      writeConfig(join(cwd, 'kat.conf.yaml'), { port: 'x', sslmode: 'maybe', driver: 'postgres', path: 'p' }),
    );
    expect(error.code).toBe('USAGE');
    expect(error.problems.map(({ message }) => message)).toEqual([
      '`database.port` must be a whole number from 1 to 65535',
      expect.stringContaining('`database.sslmode` must be one of'),
      '`database.path` cannot be used with this driver',
    ]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('of a URL and beside it are refused without showing the password', async () => {
    const values = { url: 'postgres://u:s3cr3t@h/d', password: 's3cr3t' };
    const error = await failureOf(() => writeConfig(join(makeFolder(), 'kat.conf.yaml'), values));
    expect(error.message).toBe('`database.password` cannot be used with a URL');
    expect(JSON.stringify(error.problems)).not.toContain('s3cr3t');
    const pglite = { driver: 'pglite', url: 'postgres://h/d' };
    expect((await failureOf(() => writeConfig(join(makeFolder(), 'c.yaml'), pglite))).code).toBe('USAGE');
  });
});

describe('on the disk', () => {
  test('a second time is refused and changes nothing', async () => {
    const cwd = makeFolder({ 'kat.conf.yaml': 'mine' });
    const error = await failureOf(() => writeConfig(join(cwd, 'kat.conf.yaml'), {}));
    expect(error.code).toBe('ALREADY_INITIALIZED');
    expect(error.message).toBe('kat is already initialized');
    expect(readdirSync(cwd)).toEqual(['kat.conf.yaml']);
    expect(readFileSync(join(cwd, 'kat.conf.yaml'), 'utf8')).toBe('mine');
  });

  test('a link to nothing is not written through', async () => {
    const cwd = makeFolder();
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'kat.conf.yaml'));
    const error = await failureOf(() => writeConfig(join(cwd, 'kat.conf.yaml'), {}));
    expect(error.code).toBe('ALREADY_INITIALIZED');
    expect(readdirSync(cwd)).toEqual(['kat.conf.yaml']);
  });

  test('nothing is left behind when one of the two cannot be written', async () => {
    const cwd = makeFolder({ file: '' });
    const noFolder = await failureOf(() => writeConfig(join(cwd, 'kat.conf.yaml'), { directory: 'file/m' }));
    expect(noFolder.code).toBe('FILES_INVALID');
    const noFile = await failureOf(() =>
      writeConfig(join(cwd, 'file', 'kat.conf.yaml'), { directory: join(cwd, 'a/b') }),
    );
    expect(noFile.code).toBe('FILES_INVALID');
    expect(noFile.message).toContain(join(cwd, 'file', 'kat.conf.yaml'));
    expect(readdirSync(cwd)).toEqual(['file']);
  });

  test('a migrations folder that exists stays as it is', () => {
    const cwd = makeFolder({ 'migrations/1_a/up.sql': '' });
    writeConfig(join(cwd, 'kat.conf.yaml'), {});
    expect(existsSync(join(cwd, 'migrations/1_a/up.sql'))).toBe(true);
  });
});
