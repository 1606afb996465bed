/** Chooses the rows of the picture. Where migrations between two of them are hidden, an edge stands for the path. */

import type { PageConflict, PageMigration } from '../page-data.js';
import type { PictureRow } from '../picture.js';

/** @param migrations parents before children. */
export function chooseRows(
  migrations: readonly PageMigration[],
  conflicts: readonly PageConflict[],
  isShown: (migration: PageMigration) => boolean,
): PictureRow[] {
  const parentsOf = new Set(migrations.flatMap(({ parents }) => parents));
  const inConflict = countConflicts(conflicts);
  const nearest = new Map<string, readonly string[]>();
  return migrations.flatMap((migration) => {
    const { id, name, mark, parents } = migration;
    const linked = [...new Set(parents.flatMap((parent) => nearest.get(parent) ?? []))];
    const shown = isShown(migration);
    nearest.set(id, shown ? [id] : linked);
    const isHead = !parentsOf.has(id);
    return shown
      ? [{ id, name, mark, parents: linked, notes: notesOf(migration, isHead, inConflict.get(id)) }]
      : [];
  });
}

function countConflicts(conflicts: readonly PageConflict[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of conflicts.flatMap(({ ids }) => ids)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function notesOf({ findings }: PageMigration, isHead: boolean, conflicts = 0): string[] {
  const count = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  return [
    ...(isHead ? ['head'] : []),
    ...counted(count('error'), 'error'),
    ...counted(count('warning'), 'warning'),
    ...counted(conflicts, 'conflict'),
  ];
}

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}
