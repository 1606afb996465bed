/** Writes a new migration that the database has already, together with its row in the tracking table. */

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { newestHasBareName } from '../../project/folder/bare-names.js';
import { type StagedChange, stageChange } from '../../project/folder/change/stage-change.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import {
  type NewMigration,
  type NewSql,
  reserveMigration,
  writeMigrationFiles,
} from '../../project/folder/write.js';
import type { AddedMigration } from '../author/add-migration.js';
import { checksumsOf } from '../ledger/bare-checksum.js';
import type { LockedSession } from '../session/locked-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { writeRecordings } from './change-records.js';
import { recordAndApply } from './recorded-change.js';

/** A migration that needs no run. */
export interface RecordedMigration {
  /** The command that writes it. */
  command: string;
  migration: NewMigration & { sql: NewSql };
}

/**
 * The row comes first, and the folder appears behind it: a folder without a row would be run by the next `kat up`. To be called
 * under the runner's lock.
 * @throws what writing and recording throw; then neither is left, except after STATE_UNKNOWN.
 */
export async function writeRecorded(
  setting: RunSetting,
  lockedSession: LockedSession,
  { command, migration }: RecordedMigration,
): Promise<AddedMigration> {
  const { directory } = setting;
  const { parents, sql } = migration;
  const { id, release } = reserveMigration(directory, migration);
  try {
    const staged = stage(directory, id, { command, migration });
    const downSql = sql.down == null ? {} : { downSql: sql.down };
    const facts = { ...checksumsOf(sql.up), parents, noTransaction: false, ...downSql };
    await recordAndApply(staged, () =>
      writeRecordings(setting, lockedSession, {
        recordings: [{ id, direction: 'up', outcome: 'stamped', ...facts }],
      }),
    );
    return { id, parents, files: migrationFiles(resolve(directory), id) };
  } finally {
    release();
  }
}

function stage(directory: string, id: string, { command, migration }: RecordedMigration): StagedChange {
  const write = (target: string) => {
    mkdirSync(target);
    writeMigrationFiles(target, id, { hasBareName: newestHasBareName(directory), ...migration });
  };
  return stageChange(directory, { command, put: [{ path: id, kind: 'new', write }], recorded: [id] });
}
