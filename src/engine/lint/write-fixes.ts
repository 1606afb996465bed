/** Writes fixed migrations: their own folders anew, further ones behind them, and new parents for what follows. */

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Graph } from '../../graph/graph.js';
import { rewrittenFolder } from '../../project/folder/change/rewritten-folder.js';
import { rewrittenParents } from '../../project/folder/change/rewritten-parents.js';
import { type StagedEntry, stageChange } from '../../project/folder/change/stage-change.js';
import { readSqlFile } from '../../project/folder/load.js';
import { type ReservedMigration, reserveMigration, writeMigrationFiles } from '../../project/folder/write.js';
import { setNoTransaction } from '../../project/metadata/edit-no-transaction.js';
import { editParents } from '../../project/metadata/edit-parents.js';
import { hasBareName } from '../../project/metadata/name-form.js';
import type { FixedMigration } from './fixed-migration.js';

/**
 * @returns the ids of the migrations that were added behind each one.
 * @throws KatError FILES_INVALID when the disk refuses; then everything is as it was.
 */
export async function writeFixes(
  directory: string,
  graph: Graph,
  fixed: readonly FixedMigration[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = resolve(directory);
  const reserved = new Map<string, ReservedMigration[]>();
  try {
    for (const one of fixed) reserveParts(root, one, reserved);
    const added = new Map([...reserved].map(([id, parts]) => [id, parts.map((part) => part.id)]));
    const put = await stageFixes(root, { graph, fixed, added });
    stageChange(root, { command: 'lint --fix', put }).apply();
    return added;
  } finally {
    for (const part of [...reserved.values()].flat()) part.release();
  }
}

interface Fixes {
  graph: Graph;
  fixed: readonly FixedMigration[];
  /** Ids of what comes behind each migration. */
  added: ReadonlyMap<string, readonly string[]>;
}

function reserveParts(
  root: string,
  { migration, drafts }: FixedMigration,
  reserved: Map<string, ReservedMigration[]>,
): void {
  const own: ReservedMigration[] = [];
  reserved.set(migration.id, own);
  const now = Math.floor(Date.now() / 1000);
  for (const { label = '' } of drafts.slice(1)) {
    own.push(reserveMigration(root, { name: `${migration.name}_${label}`, now }));
  }
}

async function stageFixes(root: string, fixes: Fixes): Promise<StagedEntry[]> {
  const { graph, fixed } = fixes;
  const rewritten: StagedEntry[] = [];
  for (const one of fixed) rewritten.push(await stageFixed(root, one, fixes));
  const isFixed = new Set(fixed.map(({ migration }) => migration.id));
  const others = graph.migrations.filter(({ id }) => !isFixed.has(id));
  const changes = others.flatMap(({ id, files }) => {
    const parents = newParents(fixes, id);
    return parents ? [{ file: files.metadata, parents }] : [];
  });
  const added = fixed.flatMap((one) => stageAdded(one, fixes));
  return [...rewritten, ...added, ...(await rewrittenParents(root, changes))];
}

async function stageFixed(
  root: string,
  { migration, drafts }: FixedMigration,
  fixes: Fixes,
): Promise<StagedEntry> {
  const [{ up, down, isTransactional }] = drafts as [FixedMigration['drafts'][number]];
  const { id, files, noTransaction } = migration;
  const before = readSqlFile(files.metadata);
  const needsChange = !isTransactional && !noTransaction;
  const asRun = needsChange ? await setNoTransaction(files.metadata, before) : before;
  const parents = newParents(fixes, id);
  const metadata = parents ? await editParents(files.metadata, asRun, parents) : asRun;
  return rewrittenFolder(root, id, { up, down, metadata });
}

/** Moves children of a migration to the last of its parts; undefined if nothing changes. */
function newParents({ graph, added }: Fixes, id: string): readonly string[] | undefined {
  const { parents } = graph.get(id);
  const after = parents.map((parent) => added.get(parent)?.at(-1) ?? parent);
  return after.some((parent, index) => parent !== parents[index]) ? after : undefined;
}

function stageAdded({ migration, drafts }: FixedMigration, { added }: Fixes): StagedEntry[] {
  const ids = added.get(migration.id) ?? [];
  return ids.map((id, index) => {
    const { up, down, isTransactional } = drafts[index + 1] as FixedMigration['drafts'][number];
    const files = {
      parents: [ids[index - 1] ?? migration.id],
      noTransaction: !isTransactional,
      hasBareName: hasBareName(migration),
      ...(migration.waits ? { waits: migration.waits } : {}),
      sql: { up, down: down ?? null },
    };
    return { path: id, kind: 'new', write: (target) => writeFolder(target, id, files) };
  });
}

function writeFolder(target: string, id: string, files: Parameters<typeof writeMigrationFiles>[2]): void {
  mkdirSync(target);
  writeMigrationFiles(target, id, files);
}
