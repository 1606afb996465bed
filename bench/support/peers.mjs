// Other tools that are installed in the folder KAT_BENCH_PEERS, given the same SQL in the form that each of them wants.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/import-sources.mjs';
import { runProgram } from './processes.mjs';

const kinds = [
  {
    name: 'dbmate',
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- migrate:up\n${up}\n-- migrate:down\n${down}` }),
    run: (bin, folder, url) =>
      runProgram(bin, ['--url', url, '--migrations-dir', folder, '--no-dump-schema', 'up']),
  },
  {
    name: 'node-pg-migrate',
    files: ({ id, up, down }) => ({ [`${id}.sql`]: `-- Up Migration\n${up}\n-- Down Migration\n${down}` }),
    // All in one transaction, its default, ends with 53200 at a few thousand tables.
    run: (bin, folder, url) =>
      runProgram(process.execPath, [bin, 'up', '-m', folder, '--no-single-transaction', '--no-verbose'], {
        env: { DATABASE_URL: url },
      }),
  },
  {
    name: 'knex',
    files: ({ id, up, down }) => ({
      [`${id}.js`]: [
        `exports.up = (knex) => knex.raw(${JSON.stringify(up)});`,
        `exports.down = (knex) => knex.raw(${JSON.stringify(down)});`,
      ].join('\n'),
    }),
    run: (_bin, folder, url, peers) =>
      runProgram(process.execPath, [join(root, 'bench/support/run-knex.mjs'), peers, url, folder]),
  },
];

/**
 * Writes the migrations for every peer that is installed.
 * @returns {{name: string, run(url: string): Promise<{seconds: number}>, remove(): void}[]}
 */
export function preparePeers(migrations) {
  const peers = process.env.KAT_BENCH_PEERS;
  if (!peers) return [];
  return kinds.flatMap(({ name, files, run }) => {
    const bin = findBin(peers, name);
    if (!bin) return [];
    const folder = mkdtempSync(join(tmpdir(), `kat-bench-${name}-`));
    for (const migration of migrations) {
      for (const [file, text] of Object.entries(files(migration))) writeFileSync(join(folder, file), text);
    }
    return [
      {
        name,
        run: (url) => run(bin, folder, url, peers),
        remove: () => rmSync(folder, { recursive: true, force: true }),
      },
    ];
  });
}

/** The file behind the command of a package, so that no shell script stands between. */
function findBin(peers, name) {
  const manifest = join(peers, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  if (name === 'dbmate') return findDbmate(peers);
  const { bin } = createRequire(manifest)(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

/** The program itself comes in a package of its own for each platform. */
function findDbmate(peers) {
  const path = join(peers, 'node_modules/@dbmate', `${process.platform}-${process.arch}`, 'bin/dbmate');
  return existsSync(path) ? path : undefined;
}
