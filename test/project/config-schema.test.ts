import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { configFields, fieldList } from '../../src/project/config/config-fields.js';
import { parseConfigFile } from '../../src/project/config/config-file.js';
import { parseMetadata } from '../../src/project/metadata/metadata.js';

function loadSchema(name: string) {
  const schema: unknown = JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));
  return new Ajv({ strict: false }).compile(schema as object);
}

test('every promised setting and environment variable is there', () => {
  expect(fieldList.map(({ path, env }) => (env ? `${path} ${env}` : path))).toEqual([
    'migration.tablename KAT_MIGRATION_TABLE_NAME',
    'migration.directory KAT_MIGRATION_DIRECTORY',
    'migration.dryRun KAT_DRY_RUN',
    'migration.lock_wait KAT_LOCK_WAIT',
    'migration.lease KAT_LEASE',
    'migration.lock_timeout KAT_LOCK_TIMEOUT',
    'migration.retry_for KAT_RETRY_FOR',
    'migration.max_block KAT_MAX_BLOCK',
    'migration.max_blocked_sessions KAT_MAX_BLOCKED_SESSIONS',
    'migration.checksums KAT_CHECKSUMS',
    'migration.jobs KAT_JOBS',
    'database.driver KAT_DRIVER_NAME',
    'database.url KAT_MIGRATION_DATABASE_URL',
    'database.user KAT_DB_USER',
    'database.password KAT_DB_PASSWORD',
    'database.host KAT_DB_HOST',
    'database.port KAT_DB_PORT',
    'database.name KAT_DB_NAME',
    'database.sslmode KAT_DB_SSL_MODE',
    'database.path',
    'database.connect_timeout',
    'database.statement_timeout KAT_STATEMENT_TIMEOUT',
    'database.max_open_conns',
    'database.max_idle_conns',
    'database.conn_max_lifetime',
    'database.default_timeout',
    'lint.on_up KAT_LINT_ON_UP',
    'lint.server_version KAT_LINT_SERVER_VERSION',
    'lint.start_after',
    'lint.disable',
    'lint.errors',
    'lint.warnings',
    'lint.infos',
    'verify.ignore',
    'verify.server_version KAT_VERIFY_SERVER_VERSION',
    'env_file',
    'verbose KAT_VERBOSE',
  ]);
});

describe('the JSON Schema of kat.conf.yaml', () => {
  const validate = loadSchema('kat.conf');
  const value = fc.oneof(
    fc.constantFrom(
      null,
      true,
      false,
      0,
      1,
      5432,
      65_535,
      65_536,
      -1,
      1.5,
      '',
      'x',
      '5432',
      '10s',
      '10',
      '1h30m',
      '0',
    ),
    fc.constantFrom(
      'true',
      'yes',
      'maybe',
      'postgres',
      'pglite',
      'require',
      '$A',
      'a$$b',
      [],
      ['a'],
      {},
      { a: 1 },
    ),
  );

  test('accepts what the program accepts, and nothing else', async () => {
    const paths = [...fieldList.map(({ path }) => path), 'migration', 'database', 'x', 'database.x'];
    let acceptedCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, async (path, written) => {
        const [key = '', section] = path.split('.').reverse();
        const document = section === undefined ? { [key]: written } : { [section]: { [key]: written } };
        const { problems } = await parseConfigFile('/kat.conf.yaml', stringify(document));
        const isFitting = problems.every(({ message }) => message.includes('belongs to the driver'));
        expect(validate(document), JSON.stringify(document)).toBe(isFitting);
        if (isFitting) acceptedCount++;
      }),
      { numRuns: 1500 },
    );
    expect(acceptedCount).toBeGreaterThan(300);
  });

  test('describes every setting', () => {
    const text = readFileSync('schemas/kat.conf.schema.json', 'utf8');
    for (const { description } of Object.values(configFields))
      expect(text).toContain(JSON.stringify(description));
    expect(text).toContain('"$id": "https://unpkg.com/kat-migrate@0/schemas/kat.conf.schema.json"');
  });
});

test('the JSON Schema of metadata.yaml accepts what the program accepts, and nothing else', async () => {
  const validate = loadSchema('metadata');
  const scalar = fc.constantFrom<unknown>(
    null,
    true,
    0,
    1,
    -1,
    1.5,
    '',
    'a',
    '12',
    '1_a',
    [],
    [1, 'a', '1_a'],
    [null],
    [-1],
    [''],
    {},
  );
  const document = fc.dictionary(fc.constantFrom('description', 'parents', 'no_transaction', 'x'), scalar, {
    maxKeys: 2,
  });
  const head = fc.record(
    {
      name: fc.oneof({ weight: 5, arbitrary: fc.constant('a') }, scalar),
      timestamp: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, scalar),
    },
    { requiredKeys: [] },
  );
  let acceptedCount = 0;
  await fc.assert(
    fc.asyncProperty(head, document, async (first, second) => {
      const written = { ...first, ...second };
      const isFitting = (await parseMetadata('/metadata.yaml', stringify(written))).problems === undefined;
      expect(validate(written), JSON.stringify(written)).toBe(isFitting);
      if (isFitting) acceptedCount++;
    }),
    { numRuns: 2000 },
  );
  expect(acceptedCount).toBeGreaterThan(50);
});
