// The floor F: one process that sends the same SQL and the same ledger rows, each statement when the one before it is answered.

import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../../scripts/import-sources.mjs';
import { runProgram } from './processes.mjs';

/** @returns {string | undefined} psql's path */
function findPsql() {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'psql'));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const psql = findPsql();

/** What the floor is measured with, for the head of the results. */
export const floorName = psql ? 'psql' : 'a Node.js program with pg, as there is no psql on the PATH';

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
