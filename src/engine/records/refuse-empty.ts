/** Refuses to record migrations whose SQL is not written yet. */

import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { withoutComments } from '../../sql/syntax/without-comments.js';
import { mayBeEmpty, missingStatements } from '../plan/check-plan.js';

/** What is longer has more than comments, as good as surely. */
const readBytes = 1 << 20;

/** @throws KatError FILES_INVALID, as `up` does: what is written into them later would never run. */
export function refuseEmpty(migrations: readonly Migration[]): void {
  const empty = migrations.filter(isUnwritten);
  if (empty.length === 0) return;
  throw new KatError('FILES_INVALID', `${counted(empty.length, 'migration')} cannot be recorded as applied`, {
    problems: empty.map(missingStatements),
    help: 'Correct these problems, or name other migrations. Nothing was recorded.',
  });
}

function isUnwritten(migration: Migration): boolean {
  const { up } = migration.files;
  if (isProgram(up) || checksumIfLonger(up, readBytes) !== undefined) return false;
  const text = readSqlFile(up);
  return !mayBeEmpty(migration, text) && /^;*$/.test(withoutComments(text));
}
