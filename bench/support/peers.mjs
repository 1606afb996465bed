// Other tools that are installed in the folder KAT_BENCH_PEERS, given the same SQL in the form that each of them wants.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/import-sources.mjs';
import { runProgram } from './processes.mjs';

/**
 * `files`: of one migration, by their names. `write`: files about all migrations, or about the database. `up` applies all that is
 * pending, `down` rolls the last one back, each from the folder with the files.
 */
const kinds = [
  {
    name: 'goose',
    find: findGoProgram,
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- +goose Up\n${up}\n-- +goose Down\n${down}` }),
    up: ({ bin, folder, url }) => runProgram(bin, ['-dir', folder, 'postgres', url, 'up']),
    down: ({ bin, folder, url }) => runProgram(bin, ['-dir', folder, 'postgres', url, 'down']),
  },
  {
    name: 'golang-migrate',
    find: (peers) => findGoProgram(peers, 'migrate'),
    files: ({ id, up, down }) => ({ [`${id}.up.sql`]: up, [`${id}.down.sql`]: down }),
    up: ({ bin, folder, url }) => runProgram(bin, ['-path', folder, '-database', url, 'up']),
    down: ({ bin, folder, url }) => runProgram(bin, ['-path', folder, '-database', url, 'down', '1']),
  },
  {
    name: 'sql-migrate',
    find: findGoProgram,
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- +migrate Up\n${up}\n-- +migrate Down\n${down}` }),
    up: (place) => runProgram(place.bin, ['up', `-config=${writeSqlMigrateConfig(place)}`]),
    down: (place) => runProgram(place.bin, ['down', `-config=${writeSqlMigrateConfig(place)}`]),
  },
  {
    name: 'dbmate',
    find: findDbmate,
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- migrate:up\n${up}\n-- migrate:down\n${down}` }),
    up: ({ bin, folder, url }) => runProgram(bin, [...dbmateOptions(folder, url), 'up']),
    down: ({ bin, folder, url }) => runProgram(bin, [...dbmateOptions(folder, url), 'rollback']),
  },
  {
    name: 'node-pg-migrate',
    find: findPackageProgram,
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- Up Migration\n${up}\n-- Down Migration\n${down}` }),
    up: (place) => runNodePgMigrate(place, 'up'),
    down: (place) => runNodePgMigrate(place, 'down'),
  },
  {
    name: 'knex',
    find: findPackageProgram,
    files: ({ id, up, down }) => ({
      [`${id}.js`]: [
        `exports.up = (knex) => knex.raw(${JSON.stringify(up)});`,
        `exports.down = (knex) => knex.raw(${JSON.stringify(down)});`,
      ].join('\n'),
    }),
    // All are in one transaction, unless one of them wants none.
    write: (folder) =>
      writeFileSync(
        join(folder, '0_alone.js'),
        'exports.config = { transaction: false };\nexports.up = exports.down = async () => {};\n',
      ),
    up: (place) => runLibrary('run-knex.mjs', place, 'latest'),
    down: (place) => runLibrary('run-knex.mjs', place, 'down'),
  },
  {
    // All in one transaction: it has no other way, and no way back.
    name: 'drizzle',
    find: (peers) => findManifest(peers, 'drizzle-orm'),
    files: ({ id, up }) => ({ [`${id}.sql`]: up }),
    write: writeDrizzleJournal,
    up: (place) => runLibrary('run-drizzle.mjs', place),
  },
];

/**
 * Writes the migrations for every peer that is installed.
 * @returns {{name: string, run(url: string): Promise<{seconds: number}>, down?(url: string): Promise<{seconds: number}>, remove(): void}[]}
 */
export function preparePeers(migrations) {
  const peers = process.env.KAT_BENCH_PEERS;
  if (!peers) return [];
  return kinds.flatMap(({ name, find, files, write, up, down }) => {
    const bin = find(peers, name);
    if (!bin) return [];
    const folder = mkdtempSync(join(tmpdir(), `kat-bench-${name}-`));
    for (const migration of migrations) {
      for (const [file, text] of Object.entries(files(migration))) writeFileSync(join(folder, file), text);
    }
    write?.(folder, migrations);
    return [
      {
        name,
        run: (url) => up({ bin, folder, url, peers }),
        ...(down && { down: (url) => down({ bin, folder, url, peers }) }),
        remove: () => rmSync(folder, { recursive: true, force: true }),
      },
    ];
  });
}

function dbmateOptions(folder, url) {
  return ['--url', url, '--migrations-dir', folder, '--no-dump-schema'];
}

/** All in one transaction, its default, ends with 53200 at a few thousand tables. */
function runNodePgMigrate({ bin, folder, url }, command) {
  return runProgram(
    process.execPath,
    [bin, command, '-m', folder, '--no-single-transaction', '--no-verbose'],
    {
      env: { DATABASE_URL: url },
    },
  );
}

/** As its users' programs do, without the start-up of a command line. */
function runLibrary(script, { folder, url, peers }, ...args) {
  return runProgram(process.execPath, [join(root, 'bench/support', script), peers, url, folder, ...args]);
}

/** It takes its database from a file alone. */
function writeSqlMigrateConfig({ folder, url }) {
  const place = join(folder, 'config');
  mkdirSync(place, { recursive: true });
  const file = join(place, 'dbconfig.yml');
  writeFileSync(file, `development:\n  dialect: postgres\n  datasource: ${url}\n  dir: ${folder}\n`);
  return file;
}

function writeDrizzleJournal(folder, migrations) {
  const entries = migrations.map(({ id, timestamp }, idx) => ({
    ...{ idx, version: '7', when: timestamp, tag: id, breakpoints: true },
  }));
  mkdirSync(join(folder, 'meta'));
  writeFileSync(
    join(folder, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
}

/** Where `GOBIN=$KAT_BENCH_PEERS/bin go install …` puts it. */
function findGoProgram(peers, name) {
  const path = join(peers, 'bin', name);
  return existsSync(path) ? path : undefined;
}

/** The file behind the command of a package, so that no shell script stands between. */
function findPackageProgram(peers, name) {
  const manifest = findManifest(peers, name);
  if (!manifest) return undefined;
  const { bin } = createRequire(manifest)(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

function findManifest(peers, name) {
  const manifest = join(peers, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? manifest : undefined;
}

/** The program itself comes in a package of its own for each platform. */
function findDbmate(peers) {
  const path = join(peers, 'node_modules/@dbmate', `${process.platform}-${process.arch}`, 'bin/dbmate');
  return existsSync(path) ? path : undefined;
}
