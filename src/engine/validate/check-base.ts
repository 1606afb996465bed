/** Finds what a branch did to migrations that its base has already: others may have applied them as they were. */

import { existsSync } from 'node:fs';
import type { Finding } from '../../findings.js';
import { createGraph, examineMigrations, type Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration, MigrationFiles, ParentReference, RawMigration } from '../../graph/migration.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import type { BaseFile, BaseMigration } from '../../project/git/base-migrations.js';
import { readParents } from '../../project/metadata/metadata.js';
import { wholeFile } from '../../project/source-text.js';
import { findEditOf, isSameDown } from '../ledger/edited.js';
import { finding } from './finding-of.js';
import type { Folder } from './read-folder.js';

/** @param base the folder as it was. */
export async function checkBaseMigrations(
  folder: Folder,
  base: readonly BaseMigration[],
  checksums: ChecksumPolicy,
): Promise<Finding[]> {
  const squashed = findSquashed(folder.graph);
  const renames = findRenames(folder.graph, base, squashed);
  const before = await buildBaseGraph(folder, base);
  const successors = new Map([...renames, ...squashed]);
  const squashes = new Set(base.flatMap(({ id }) => squashed.get(id) ?? []));
  return base.flatMap((migration) => {
    const { id } = migration;
    if (squashed.has(id) || squashes.has(id)) return [];
    if (!folder.graph.has(id)) return [goneFinding(folder.graph, id, renames.get(id))];
    const now = folder.graph.get(id);
    return [
      ...checkUp(now, migration.files.up, checksums),
      ...checkDown(now, migration.files.down),
      ...checkParents(now, parentsBefore(before, id, successors), folder),
    ];
  });
}

/** Squashed migrations by id, with their target: their folder is deleted and the target edited on purpose. */
function findSquashed({ migrations }: Graph): Map<string, string> {
  return new Map(migrations.flatMap(({ id, replaces = [] }) => replaces.map((former) => [former, id])));
}

/** Migrations of the base without a folder, by id, with the new migration that has their timestamp or name. */
function findRenames(
  { migrations, has }: Graph,
  base: readonly BaseMigration[],
  squashed: ReadonlyMap<string, string>,
): Map<string, string> {
  const inBase = new Set(base.map(({ id }) => id));
  const added = migrations.filter(({ id }) => !inBase.has(id));
  const renames = new Map<string, string>();
  for (const { id, timestamp, name } of base) {
    if (has(id) || squashed.has(id)) continue;
    const successor =
      added.find((migration) => migration.timestamp === timestamp) ??
      added.find((migration) => migration.name === name);
    if (successor) renames.set(id, successor.id);
  }
  return renames;
}

function goneFinding(graph: Graph, id: string, successor: string | undefined): Finding {
  if (successor === undefined) {
    return finding('base-deleted', {
      message: `${id} is in the base branch, but not in this branch`,
      help: 'Restore it, and undo its changes in a new migration.',
      migration: id,
    });
  }
  return finding('base-renamed', {
    message: `${id} of the base branch is now ${successor}, so every database would run it as a new migration`,
    help: `Name it ${id} again.`,
    migration: id,
    location: wholeFile(graph.get(successor).files.metadata),
  });
}

function checkUp(migration: Migration, before: BaseFile | undefined, checksums: ChecksumPolicy): Finding[] {
  const edit = before && !before.isSame ? compare(() => findEditOf(migration, before.text)) : undefined;
  if (!edit) return [];
  const { id, files } = migration;
  const facts = { migration: id, location: wholeFile(files.up) };
  const restore = 'Restore the file, and write a new migration.';
  if (edit === 'sql')
    return [
      finding('base-edited', {
        message: `up.sql of ${id} was edited, but the base branch already has it`,
        help: restore,
        ...facts,
      }),
    ];
  const isRefused = checksums === 'strict';
  const found = finding('base-edited', {
    message: `up.sql of ${id} was edited, but only its comments and white space; the base branch already has it`,
    help: isRefused
      ? 'Restore the file: with `checksums: strict`, `kat up` refuses it where the migration is applied.'
      : 'No action needed: the SQL is the same.',
    ...facts,
  });
  return [isRefused ? found : { ...found, severity: 'info' }];
}

function checkDown(migration: Migration, before: BaseFile | undefined): Finding[] {
  if (before?.isSame) return [];
  const { id, files } = migration;
  const isOther = before ? compare(() => !isSameDown(migration, before.text)) : existsSync(files.down);
  if (!isOther) return [];
  return [
    finding('base-down-edited', {
      message: `down.sql of ${id} differs from the base branch`,
      help: 'Keep it if the change is intended: databases that have it applied roll back with the stored SQL.',
      migration: id,
      location: wholeFile(files.down),
    }),
  ];
}

/** A file that is not there or no text is a finding of its own. */
function compare<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function checkParents(
  { id, parents, files }: Migration,
  before: readonly string[] | undefined,
  { broken }: Folder,
): Finding[] {
  if (!before || broken.has(id)) return [];
  const added = parents.filter((parent) => !before.includes(parent));
  const removed = before.filter((parent) => !parents.includes(parent));
  if (added.length === 0 && removed.length === 0) return [];
  const changes = [
    ...(removed.length > 0 ? [`no longer follows ${listIds(removed)}`] : []),
    ...(added.length > 0 ? [`now follows ${listIds(added)}`] : []),
  ];
  return [
    finding('base-reparented', {
      message: `${id} ${changes.join(' and ')}, but the base branch already has it`,
      help: 'Restore its parents in metadata.yaml.',
      migration: id,
      location: wholeFile(files.metadata),
    }),
  ];
}

/** The current ids; undefined if unknown. */
function parentsBefore(
  before: Graph,
  id: string,
  successors: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  if (!before.has(id)) return undefined;
  return before.get(id).parents.map((parent) => successors.get(parent) ?? parent);
}

/** The graph of the base, in which names mean what they meant there. Those whose metadata could not be read are left out. */
async function buildBaseGraph({ raw, broken }: Folder, base: readonly BaseMigration[]): Promise<Graph> {
  const now = new Map(raw.map((migration) => [migration.id, migration]));
  const known: RawMigration[] = [];
  const unknown = new Set<string>();
  for (const { files, ...id } of base) {
    const current = broken.has(id.id) ? undefined : now.get(id.id);
    const parents = await parentsOf(files.metadata, current);
    if (!parents) unknown.add(id.id);
    known.push({ ...id, parents: parents ?? [], noTransaction: false, files: noFiles });
  }
  return createGraph(examineMigrations(known).migrations.filter(({ id }) => !unknown.has(id)));
}

/** No message ever names them. */
const noFiles: MigrationFiles = { up: '', down: '', metadata: '' };

async function parentsOf(
  metadata: BaseFile | undefined,
  current: RawMigration | undefined,
): Promise<readonly ParentReference[] | undefined> {
  if (!metadata) return undefined;
  return metadata.isSame ? current?.parents : readParents(metadata.text);
}
