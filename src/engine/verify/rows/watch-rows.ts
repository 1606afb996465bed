/** Follows the rows of tables through a migration and its way back. */

import type { SchemaSnapshot, SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';
import type { RowSource } from '../../snapshot/row-sources.js';
import type { VerifiedFiles, VerifyFinding } from '../findings.js';
import type { Trial } from '../trial.js';
import { lostRows, type RowOrigin } from './row-findings.js';

/** The rows before up.sql. */
export interface WatchedRows {
  sources: readonly RowSource[];
  /** Of each source. */
  rows: readonly SnapshotObject[];
  origin: RowOrigin;
}

export interface RowWatch {
  /** Call it after up.sql, with the schema that it made. */
  afterUp(schema: SchemaSnapshot): Promise<VerifyFinding[]>;
  /** Call it after down.sql, where all tables are back. */
  afterDown(): Promise<VerifyFinding[]>;
}

/** Each table is told once. */
export function watchRows(
  trial: Trial,
  files: VerifiedFiles,
  { sources, rows, origin }: WatchedRows,
): RowWatch {
  let lost: readonly SnapshotObject[] = [];
  return {
    afterUp: async ({ objects }) => {
      const kept = sources.filter((source) => objects.some((object) => isTable(object, source)));
      const counts = await trial.readRows(kept.map((source) => ({ ...source, columns: [] })));
      lost = rows.filter((one) => counts.some((now) => isSame(one, now) && countOf(now) < countOf(one)));
      return lost.map((table) => lostRows(files, table, { direction: 'up', origin }));
    },
    afterDown: async () => {
      const back = await trial.readRows(sources);
      return rows
        .filter((one) => !lost.includes(one))
        .filter((one) => back.some((now) => isSame(one, now) && isLost(files, one, now)))
        .map((table) => lostRows(files, table, { direction: 'down', origin }));
    },
  };
}

/** Values that up.sql itself updates are changed on purpose. */
function isLost({ texts }: VerifiedFiles, before: SnapshotObject, after: SnapshotObject): boolean {
  const name = splitIdentifier(before.name).at(-1);
  const isUpdated = texts.up.effects.some(
    ({ action, object, when }) =>
      action === 'update' && when !== 'later' && (object.name === name || object.parent === name),
  );
  return countOf(after) < countOf(before) || (!isUpdated && after.definition.hash !== before.definition.hash);
}

function isTable({ kind, schema, name }: SnapshotObject, source: RowSource): boolean {
  return kind === 'table' && schema === source.schema && name === source.table;
}

/** Whether two objects of kind `rows` are those of one table. */
export function isSame(one: SnapshotObject, other: SnapshotObject): boolean {
  return one.schema === other.schema && one.name === other.name;
}

/** How many rows an object of kind `rows` tells. */
export function countOf({ definition }: SnapshotObject): number {
  return Number(definition.count);
}
