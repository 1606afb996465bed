/** Compares imported migrations with those already in the migrations folder. */

import type { Problem } from '../../errors.js';
import { type Migration, parseMigrationId, type RawMigration } from '../../graph/migration.js';
import { checksum } from '../../project/folder/load.js';
import { fingerprint } from '../ledger/edited.js';
import type { PreparedMigration } from './prepared-migration.js';

/**
 * A folder that holds the whole import may have been edited since, which is a warning; one that holds a part of it must hold
 * that part as it would be written now.
 */
export function findClashes(migrations: readonly PreparedMigration[], existing: readonly RawMigration[]) {
  const isComplete = migrations.every(({ isPresent }) => isPresent);
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const migration of migrations) {
    const other = existing.find((candidate) => isRival(migration, candidate));
    if (!other) continue;
    const isSame = checksum(migration.source.up.text) === fingerprint(asMigration(other));
    if (other.id === migration.id) {
      if (isSame) continue;
      if (isComplete) warnings.push(editedWarning(migration));
      else problems.push(takenProblem(migration));
    } else if (other.timestamp === timestampOf(migration) || isSame) {
      problems.push(rivalProblem(migration, other, isSame));
    }
  }
  return { problems, warnings };
}

/** Whether both claim one place: the same id, the same timestamp, or the same name while the import is not there yet. */
function isRival(migration: PreparedMigration, candidate: RawMigration): boolean {
  if (migration.isPresent) return candidate.id === migration.id;
  return (
    candidate.timestamp === timestampOf(migration) || candidate.name === parseMigrationId(migration.id)?.name
  );
}

function timestampOf({ id }: PreparedMigration): string {
  return parseMigrationId(id)?.timestamp ?? '';
}

function asMigration(raw: RawMigration): Migration {
  return { ...raw, parents: [] };
}

function editedWarning({ id }: PreparedMigration): Problem {
  return {
    message: `${id} exists in the migrations folder with different SQL; it is left unchanged`,
    migration: id,
  };
}

function takenProblem({ id, source }: PreparedMigration): Problem {
  return {
    message: `${source.label} would become ${id}, which exists in the migrations folder with different SQL`,
    help: 'If no database has that migration, rename its folder. Otherwise import into another folder.',
    migration: id,
  };
}

function rivalProblem({ id, source }: PreparedMigration, other: RawMigration, isSame: boolean): Problem {
  return isSame
    ? {
        message: `${source.label} would become ${id}, but the migrations folder has the same SQL as ${other.id}`,
        help: `If no database has ${other.id}, delete its folder. Otherwise import into another folder.`,
        migration: id,
      }
    : {
        message: `${source.label} would become ${id}, but ${other.id} has that timestamp`,
        help: `If no database has ${other.id}, change the timestamp in its folder name and in its metadata.yaml. Otherwise import into another folder.`,
        migration: id,
      };
}
