/** Finds the cause of missing folders: a renamed folder, another project's tracking table, or another branch. */

import type { Graph } from './graph.js';
import { parseMigrationId } from './migration.js';
import { withoutReplaced } from './replaced.js';

/** An applied migration without a folder, and a folder with the same SQL, or the one that Go's Kat has recorded under another name. */
export interface Rename {
  from: string;
  to: string;
  /** The new name is recorded as applied already, without running. */
  isStamped: boolean;
}

export interface MissingCause {
  /** Applied, without a folder; in the order in which they were applied. */
  ids: readonly string[];
  renames: readonly Rename[];
  /** Nothing that is applied has a folder, and the log knows nothing of the folder's migrations. */
  seemsForeign: boolean;
  /** There are no migrations in the folder at all. */
  isFolderEmpty: boolean;
}

/** The data of records and files about a migration, by its id. */
export interface Evidence {
  /** Of its up.sql when it was applied, with and without comments and white space; none where the log does not have it. */
  recordedChecksums(id: string): readonly string[];
  /** The same of its up.sql in the folder; none where it cannot be read. */
  currentChecksums(id: string): readonly string[];
  /** Whether its up.sql in the folder does nothing, so that it says nothing about who made it. */
  doesNothing(id: string): boolean;
  /** Whether it was recorded as applied without running. */
  isStamped(id: string): boolean;
  /** Whether the log has it as applied, rolled back, recorded or half done. */
  isInLog(id: string): boolean;
}

/**
 * @param applied ids, oldest first.
 * @returns undefined where each applied migration has a folder or was squashed.
 */
export function findMissingCause(
  folder: Graph,
  applied: readonly string[],
  evidence: Evidence,
): MissingCause | undefined {
  const ids = withoutReplaced(folder, applied).filter((id) => !folder.has(id));
  if (ids.length === 0) return undefined;
  const renames = [
    ...findNamesOfGo(folder, { ids, applied }),
    ...findRenames(folder, { ids, applied }, evidence),
  ];
  const isFolderEmpty = folder.migrations.length === 0;
  const seemsForeign = !isFolderEmpty && renames.length === 0 && isForeign(folder, applied, evidence);
  return { ids, renames, seemsForeign, isFolderEmpty };
}

/**
 * Whether Go's Kat 0.2 records the migration of a folder as `id`. It puts the timestamp of metadata.yaml, without zeros in front, before
 * the `name` there, also where that has the timestamp already.
 */
export function isNameOfGo(id: string, ofFolder: string): boolean {
  const folder = canonicalId(ofFolder);
  return id !== ofFolder && folder !== undefined && namesInGo(id).includes(folder);
}

/** The canonical ids of the folders that Go's Kat may have recorded as `id`. */
function namesInGo(id: string): string[] {
  const written = parseMigrationId(id);
  if (!written || !id.startsWith(`${written.timestamp}_`)) return [];
  const named = parseMigrationId(written.name);
  return named?.timestamp === written.timestamp ? [id, `${named.timestamp}_${named.name}`] : [id];
}

function canonicalId(id: string): string | undefined {
  const parts = parseMigrationId(id);
  return parts && `${parts.timestamp}_${parts.name}`;
}

function findNamesOfGo(
  folder: Graph,
  { ids, applied }: { ids: readonly string[]; applied: readonly string[] },
): Rename[] {
  const isApplied = new Set(applied);
  const byCanonicalId = new Map(
    folder.migrations.map(({ id, timestamp, name }) => [`${timestamp}_${name}`, id]),
  );
  return ids.flatMap((from) => {
    const to = namesInGo(from).flatMap((id) => byCanonicalId.get(id) ?? [])[0];
    return to === undefined ? [] : [{ from, to, isStamped: isApplied.has(to) }];
  });
}

function findRenames(
  folder: Graph,
  { ids, applied }: { ids: readonly string[]; applied: readonly string[] },
  evidence: Evidence,
): Rename[] {
  const isApplied = new Set(applied);
  const lost = ids.filter((id) => evidence.recordedChecksums(id).length > 0);
  if (lost.length === 0) return [];
  const bySql = new Map<string, Rename>();
  for (const { id } of folder.migrations) {
    if (isApplied.has(id) && !evidence.isStamped(id)) continue;
    const checksums = isApplied.has(id) ? evidence.recordedChecksums(id) : evidence.currentChecksums(id);
    for (const checksum of checksums) bySql.set(checksum, { from: '', to: id, isStamped: isApplied.has(id) });
  }
  return lost.flatMap((from) => {
    const [found] = evidence.recordedChecksums(from).flatMap((checksum) => bySql.get(checksum) ?? []);
    return found && !evidence.doesNothing(found.to) ? [{ ...found, from }] : [];
  });
}

function isForeign(folder: Graph, applied: readonly string[], { isInLog }: Evidence): boolean {
  const isApplied = new Set(applied);
  const isOurs = ({ id, replaces = [] }: Graph['migrations'][number]) =>
    isApplied.has(id) || isInLog(id) || replaces.some((former) => isApplied.has(former));
  return !folder.migrations.some(isOurs);
}
