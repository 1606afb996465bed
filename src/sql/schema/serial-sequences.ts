/** Follows the sequences of serial columns, which columns that were copied from these use as well. */

import type { Column, Schema } from './schema.js';

/** What a copy of a column has of its sequence. */
export function sharedSequence({ sequence, hasDefault }: Column): Pick<Column, 'sequence' | 'ownsSequence'> {
  if (!sequence || !hasDefault) return { sequence: undefined, ownsSequence: false };
  sequence.isShared = true;
  return { sequence, ownsSequence: false };
}

/** With the columns their sequences go, and with these the defaults of other columns: with CASCADE, as PostgreSQL refuses it otherwise. */
export function dropSequencesOf({ relations }: Schema, columns: Iterable<Column>): void {
  const gone = new Set(
    [...columns].flatMap(({ sequence, ownsSequence }) =>
      ownsSequence && sequence?.isShared ? [sequence] : [],
    ),
  );
  if (gone.size === 0) return;
  for (const relation of relations.values())
    for (const column of relation.columns.values())
      if (column.sequence && gone.has(column.sequence) && !column.ownsSequence)
        Object.assign(column, { hasDefault: false, sequence: undefined });
}
