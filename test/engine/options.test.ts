/** Everything that programs hand to the library is checked before anything is done, as strictly as the configuration file. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKat } from '../../src/engine/kat.js';
import type { Kat } from '../../src/engine/kat-api.js';
import type { KatOptions } from '../../src/engine/kat-options.js';
import { loadKat } from '../../src/engine/load-kat.js';
import { KatError } from '../../src/errors.js';
import { makeProject } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';

const pglite = { driver: 'pglite' };

/** As a program in JavaScript calls it, which has no types. */
const create = createKat as (options?: unknown) => Kat;

describe('createKat refuses', () => {
  test.each([
    ['no options', undefined, 'the options of `createKat` must be an object, not undefined'],
    ['no folder', { database: pglite }, '`migrations` of `createKat` is missing'],
    [
      'a URL of the web as the folder',
      { migrations: new URL('https://me:s3cret@h/m'), database: pglite },
      '`migrations` of `createKat` must be a path, a URL of the protocol file: or an array of migrations, not a URL of the protocol https: with a host',
    ],
    [
      'a folder of another host',
      { migrations: new URL('file://h/m'), database: pglite },
      'not a file: URL that is no path on this computer',
    ],
    [
      'a URL object as the database',
      { migrations: 'm', database: new URL('postgres://me:s3cret@h/d') },
      '`database` must be a URL as a string, an object of settings or a connection, not a URL of the protocol postgres: with a host',
    ],
    [
      'an array of paths as the folder',
      { migrations: ['m'], database: pglite },
      'must be a path, a URL of the protocol file: or an array of migrations, not an array',
    ],
    [
      'an array of migrations with a hole',
      { migrations: Object.assign(new Array(2), [{ id: '1_a', up: 'SELECT 1' }]), database: pglite },
      'must be a path, a URL of the protocol file: or an array of migrations, not an array',
    ],
    [
      'a migration without its SQL',
      { migrations: [{ id: '1_a' }], database: pglite },
      '`up` of `migrations[0]` is missing',
    ],
    [
      'a migration whose id is a path',
      { migrations: [{ id: '1_../../a', up: '' }], database: pglite },
      '`id` of `migrations[0]` must be a migration id',
    ],
    [
      'two migrations of one id',
      {
        migrations: [
          { id: '1_a', up: '' },
          { id: '1_a', up: '' },
        ],
        database: pglite,
      },
      '`migrations[1]` repeats an `id`',
    ],
    ['an empty folder', { migrations: '', database: pglite }, 'not an empty string'],
    [
      'no database',
      { migrations: 'm' },
      '`database` must be a URL as a string, an object of settings or a connection',
    ],
    ['null as the database', { migrations: 'm', database: null }, 'not null'],
    ['a number as the database', { migrations: 'm', database: 5 }, 'not 5'],
    ['an empty URL', { migrations: 'm', database: '' }, 'not an empty string'],
    ['settings without a driver', { migrations: 'm', database: {} }, '`driver` of `database` is missing'],
    [
      'another driver',
      settings({ driver: 'mysql' }),
      "must be 'postgres', 'pglite' or 'sqlite', not another string",
    ],
    [
      'a misspelt option',
      { migrations: 'm', database: pglite, tabelName: 'x' },
      '`createKat` has no option `tabelName`',
    ],
    ['a misspelt setting', settings({ driver: 'postgres', hots: 'h' }), '`database` has no option `hots`'],
    ['an empty URL in the settings', settings({ driver: 'postgres', url: '' }), '`url` of `database`'],
    ['an empty host', settings({ driver: 'postgres', host: ' ' }), '`host` of `database`'],
    [
      'a port that is text',
      settings({ driver: 'postgres', port: '5432' }),
      '`port` of `database` must be a whole number',
    ],
    ['a port that is none', settings({ driver: 'postgres', port: 70_000 }), 'from 1 to 65535, not 70000'],
    ['another TLS mode', settings({ driver: 'postgres', sslmode: 'maybe' }), '`sslmode` of `database`'],
    ['a folder for a server', settings({ driver: 'postgres', path: 'p' }), 'belongs to the driver pglite'],
    ['a host for PGlite', settings({ ...pglite, host: 'h' }), 'belongs to the driver postgres'],
    ['a time that is none', { migrations: 'm', database: pglite, lockWaitMs: Number.NaN }, '`lockWaitMs`'],
    ['a lease that is too short', { migrations: 'm', database: pglite, leaseMs: 999 }, 'from 1000 to'],
    ['a negative time', { migrations: 'm', database: pglite, lockTimeoutMs: -1 }, 'not -1'],
    ['a logger without methods', { migrations: 'm', database: pglite, logger: {} }, '`logger`'],
    [
      'a level that there is not',
      { migrations: 'm', database: pglite, lint: { rules: { x: 'fatal' } } },
      '`rules` of `lint`',
    ],
    ['a signal that is none', { migrations: 'm', database: pglite, signal: {} }, 'must be an AbortSignal'],
  ])('%s', (_title, options, words) => {
    const error = caught(() => create(options));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(words) });
    expect(error.help).toBeTruthy();
  });

  test('a connection that Kat does not know', () => {
    expect(caught(() => create({ migrations: 'm', database: new Map() })).code).toBe('USAGE');
  });

  test('all that is wrong at once, and shows no text', () => {
    const error = caught(() =>
      create(settings({ driver: 'postgres', sslmode: 's3cret', passwort: 's3cret' })),
    );
    expect(error.problems).toHaveLength(2);
    expect(error.problems[1]?.help).toBe('Did you mean `password`?');
    expect(JSON.stringify([error.message, error.problems])).not.toContain('s3cret');
  });
});

test('a file URL is the folder that it names', async () => {
  const project = makeProject({ migrations: { '1_users': 'SELECT 1;' } });
  const migrations = pathToFileURL(join(project.folder, 'migrations'));
  expect((await create({ migrations, database: pglite }).heads()).map(({ id }) => id)).toEqual(['1_users']);
});

test('createKat takes what is right', () => {
  const right: KatOptions[] = [
    { migrations: 'm', database: 'postgres://h/d' },
    { migrations: 'm', database: { driver: 'postgres' } },
    { migrations: 'm', database: { driver: 'pglite', path: '/p', connectTimeoutMs: 0 }, lockWaitMs: 0 },
    { migrations: 'm', database: { driver: 'pglite' }, lint: { rules: { x: 'off' }, serverVersion: 14 } },
  ];
  for (const options of right) expect(createKat(options)).toHaveProperty('up');
});

describe('each method refuses', () => {
  test.each<[method: keyof Kat, args: unknown[], words: string]>([
    ['up', [{ count: -1 }], '`count` of `up` must be a whole number of at least 1, not -1'],
    ['up', [{ count: 0 }], 'not 0'],
    ['up', [{ count: 1.5 }], 'not 1.5'],
    ['up', [{ count: '2' }], 'not another string'],
    ['ensure', [{ mode: 'hope' }], "`mode` of `ensure` must be 'apply', 'wait' or 'check'"],
    ['ensure', [{ timeoutMs: -1 }], 'not -1'],
    ['down', [{ count: 1.5 }], '`count` of `down` must be a whole number of at least 1, not 1.5'],
    ['down', [{ count: Number.NaN }], 'not NaN'],
    ['blame', [null], '`name` must be a string that is not empty, not null'],
    ['diff', ['HEAD'], '`second` must be a string that is not empty, not undefined'],
    ['verify', [{ order: 1 }], '`order` of `verify` must be a whole number from 2'],
    ['up', [{ to: 'head' }], '`to` of `up` must be an array of strings'],
    ['up', [{ cuont: 1 }], '`up` has no option `cuont`'],
    ['up', [null], 'must be an object, not null'],
    ['up', [{ dryRun: 'yes' }], "must be true, false or 'rollback'"],
    ['down', [{ of: 'users' }], '`of` of `down`'],
    ['down', [{ of: [] }], '`of` of `down` must be an array of at least one string, or left out'],
    ['redo', [{ of: [] }], '`of` of `redo` must be'],
    ['plan', [{ move: 'down', of: [] }], '`of` of `plan` must be'],
    ['repair', [{ of: [], dropMissing: true }], '`of` of `repair` must be'],
    ['merge', [{ of: [] }], '`of` of `merge` must be'],
    ['baseline', [{ schemas: [] }], '`schemas` of `baseline` must be'],
    ['down', [{ confirm: true }], '`confirm` of `down` must be a function'],
    ['redo', [{ modified: 1 }], '`modified` of `redo` must be true or false'],
    ['sync', [{ of: [] }], '`sync` has no option `of`'],
    ['plan', [{ move: 'sideways' }], '`move` of `plan`'],
    ['plan', [{ move: 'down', allowMissing: true }], '`plan` has no option `allowMissing`'],
    ['planSql', [{ client: 'pgcli' }], '`client` of `planSql`'],
    ['stamp', [], '`of` of `stamp` is missing'],
    ['baseline', [{ schemas: 'public' }], '`schemas` of `baseline`'],
    ['repair', [{ done: 'x' }], '`done` of `repair`'],
    ['squash', [{}], '`to` of `squash` is missing'],
    ['merge', [{ name: 7 }], '`name` of `merge`'],
    ['history', [{ limit: 0 }], '`limit` of `history`'],
    ['history', [{ since: new Date('never') }], '`since` of `history` must be a valid Date'],
    ['show', [], '`reference` must be a string that is not empty, not undefined'],
    ['show', ['x', { ofline: true }], 'no option `ofline`'],
    ['describeGraph', [{ generations: -1 }], '`generations` of `describeGraph` must be a whole number'],
    ['exportGraph', [{ format: 'gif' }], '`format` of `exportGraph`'],
    ['validate', [{ strict: 'yes' }], '`strict` of `validate`'],
    ['deps', [{ of: [1] }], '`of` of `deps` must be an array of at least one string'],
    ['lint', [{ rule: ['x'] }], '`lint` has no option `rule`'],
    ['check', [{ gitBase: '' }], '`gitBase` of `check`'],
    ['ping', [{ retries: 8 }], '`retries` of `ping` must be a whole number from 0 to 7, not 8'],
    ['endRunners', ['all'], '`runners` must be what `findRunners` returned'],
    ['bundle', [{ check: true }], '`check` needs the `file` to compare'],
    ['bundle', [{ file: 'migrations.txt' }], 'a bundle cannot have the name "migrations.txt"'],
    ['add', [''], 'has no letters a-z or digits'],
    ['add', ['x', { sql: 'SELECT 1' }], '`sql` of `add`'],
    ['inferParents', [5], '`reference` must be a string'],
    ['import', [{ from: 'rails' }], '2 options are wrong'],
  ])('%s(%j)', async (method, args, words) => {
    const kat = create({ migrations: 'nowhere', database: pglite });
    const call = Reflect.get(kat, method) as (...args: unknown[]) => Promise<unknown>;
    const error = await call(...args).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KatError);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(words) });
  });

  test('whatever else it is handed, with a KatError', async () => {
    const kat = create({ migrations: 'nowhere', database: pglite });
    const methods = [
      'up',
      'down',
      'redo',
      'sync',
      'plan',
      'planSql',
      'history',
      'validate',
      'deps',
      'lint',
      'import',
    ];
    const value = fc.anything().filter((chosen) => chosen !== undefined);
    const keys = fc.string().map((key) => `x${key}`);
    const wrong = fc.oneof(
      ...[
        fc.integer(),
        fc.string(),
        fc.constant(null),
        fc.array(value),
        fc.dictionary(keys, value, { minKeys: 1 }),
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), wrong, async (method, options) => {
        const call = Reflect.get(kat, method) as (options: unknown) => Promise<unknown>;
        const outcome = await call(options).catch((error: unknown) => error);
        expect(outcome).toBeInstanceOf(KatError);
        expect(outcome).toMatchObject({ code: 'USAGE' });
      }),
    );
  });
});

test('a connection of the caller is taken as it is', async () => {
  const database = await emptyPglite();
  expect(create({ migrations: 'm', database })).toHaveProperty('up');
  await database.close();
});

test.each([
  [{}, '2 options are wrong'],
  [{ cwd: '.', env: {}, flags: { colour: true } }, '`flags` has no option `colour`'],
  [{ cwd: '.', env: {}, fiel: 'x' }, '`loadKat` has no option `fiel`'],
])('loadKat refuses %j', async (options, words) => {
  const load = loadKat as (options: unknown) => Promise<unknown>;
  await expect(load(options)).rejects.toMatchObject({
    ...{ code: 'CONFIG_INVALID', message: expect.stringContaining(words) },
  });
});

function settings(database: Record<string, unknown>): object {
  return { migrations: 'm', database };
}

function caught(action: () => unknown): KatError {
  try {
    action();
  } catch (error) {
    if (error instanceof KatError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
