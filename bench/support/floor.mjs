// The floor F: one process that sends the same SQL and the same ledger rows, each statement when the one before it is answered.

import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { root } from '../../scripts/import-sources.mjs';
import { runProgram } from './processes.mjs';

/** Where Debian has the real programs; what it has on the PATH is a script that looks for them, which takes as long as 60 migrations. */
const debianVersions = '/usr/lib/postgresql';

/** @returns {string | undefined} psql's path */
function findPsql() {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'psql'));
  return [...onPath, ...debianCandidates()].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return basename(realpathSync(path)) !== 'pg_wrapper';
    } catch {
      return false;
    }
  });
}

/** The newest first. */
function debianCandidates() {
  try {
    const versions = readdirSync(debianVersions).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(debianVersions, version, 'bin', 'psql'));
  } catch {
    return [];
  }
}

const psql = findPsql();

/** What the floor is measured with, for the head of the results. */
export const floorName = psql ?? 'a Node.js program with pg, as there is no psql on the PATH';

/**
 * Writes the floor's script.
 * @param {readonly {up: string}[]} migrations
 * @param {{createTables: string, recordOf: (migration: any) => string[]}} ledger
 */
export function prepareFloor(migrations, ledger) {
  const folder = mkdtempSync(join(tmpdir(), 'kat-bench-floor-'));
  const statements = [
    ...ledger.createTables.split(';\n'),
    ...migrations.flatMap((migration) => [
      'BEGIN',
      migration.up.trim().replace(/;$/, ''),
      ...ledger.recordOf(migration),
      'COMMIT',
    ]),
  ];
  const script = join(folder, psql ? 'floor.sql' : 'floor.json');
  writeFileSync(script, psql ? `${statements.join(';\n')};\n` : JSON.stringify(statements));
  return {
    /** @returns {Promise<{seconds: number}>} */
    run: (url) =>
      psql
        ? runProgram(psql, [url, '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', script])
        : runProgram(process.execPath, [join(root, 'bench/support/send-one-by-one.mjs'), url, script]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
