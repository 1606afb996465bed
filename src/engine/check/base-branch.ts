/** Combines the migrations of another branch with those of the folder, as after a merge. */

import { join } from 'node:path';
import { KatError } from '../../errors.js';
import type { RawMigration } from '../../graph/migration.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import { type BaseMigration, loadBaseMigrations } from '../../project/git/base-migrations.js';
import { findBase, findTip, type GitBase } from '../../project/git/find-base.js';
import { readOtherMetadata } from '../../project/metadata/metadata.js';

export interface BaseBranch {
  base: GitBase;
  /** Ids of the folder's migrations that the base has not. */
  added: ReadonlySet<string>;
  /** Ids of those that the base has in another form: they are the branch's and the base's at once. */
  edited: ReadonlySet<string>;
  /** Migrations of the base that the folder lacks, with the text of each up.sql. */
  ahead: readonly { migration: RawMigration; text: string }[];
}

/** @throws KatError USAGE when `revision` is none here; FILES_INVALID when git cannot read its commits. */
export async function readBaseBranch(
  directory: string,
  raw: readonly RawMigration[],
  revision: string,
): Promise<BaseBranch> {
  const base = await findBase(directory, revision);
  if (!('commit' in base)) throw new KatError('USAGE', base.reason, { help: base.help });
  const tip = await loadBaseMigrations(directory, await findTip(directory, base));
  const left = await loadBaseMigrations(directory, base.commit);
  const here = new Set(raw.map(({ id }) => id));
  const known = new Set([...left, ...tip].map(({ id }) => id));
  const before = new Set(left.map(({ id }) => id));
  const gone = new Set(raw.flatMap(({ replaces = [] }) => replaces));
  const isAhead = ({ id }: BaseMigration) => !here.has(id) && !before.has(id) && !gone.has(id);
  const ahead = await Promise.all(tip.filter(isAhead).map((migration) => readAhead(directory, migration)));
  return {
    base,
    added: new Set([...here].filter((id) => !known.has(id))),
    edited: new Set(
      left.filter(({ id, files }) => here.has(id) && files.up?.isSame === false).map(({ id }) => id),
    ),
    ahead: ahead.flatMap((found) => found ?? []),
  };
}

/** @returns undefined for what has no readable files there. */
async function readAhead(directory: string, { files, ...id }: BaseMigration) {
  const { up, metadata } = files;
  if (!up || up.isSame || !metadata || metadata.isSame) return undefined;
  const read = await readOtherMetadata(metadata.text);
  if (!read) return undefined;
  const { parents, noTransaction } = read;
  const migration: RawMigration = {
    ...id,
    parents,
    noTransaction,
    files: { ...migrationFiles(directory, id.id), up: join(directory, id.id, up.name) },
  };
  return { migration, text: up.text };
}
