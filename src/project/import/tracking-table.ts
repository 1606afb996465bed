/** Describes another tool's tracking table: how to recognize it, and the meaning of its rows. */

import type { Problem } from '../../errors.js';
import type { SourceMigration } from './source.js';

export type Row = Readonly<Record<string, string | null>>;

/** A migration that the other tool has applied. */
export interface TrackedMigration {
  /** The keys or aliases that it may have in the folder, the surest first. */
  keys: readonly string[];
  /** Its name for users. */
  label: string;
  /** ISO 8601 in UTC, where the table has it. */
  appliedAt?: string;
  /** Of the file that was applied, where the table has it. */
  checksum?: string;
}

interface TrackingReading {
  /** In the order in which they were applied. */
  applied: readonly TrackedMigration[];
  /** Why the state of the database is not one to go on from. */
  problems: readonly Problem[];
}

export interface TrackingTable {
  /** As the tool creates it; with a schema where the tool insists on one. */
  name: string;
  /** Columns that it must have. */
  columns: readonly string[];
  /** A column that only another tool's table of the same name has, and that tool. */
  stranger?: readonly [column: string, tool: string];
  /** @param has whether the table has a column: some came with later versions. */
  query(has: (column: string) => boolean): { select: readonly string[]; orderBy: string };
  /** @param migrations of the folder, in the tool's order. */
  read(rows: readonly Row[], migrations: readonly SourceMigration[]): TrackingReading;
}

/**
 * A column of time as ISO 8601 in UTC, under its own name. Without a time zone it is in that of the session, as these
 * tools leave it to `now()`.
 */
export function timeColumn(column: string): string {
  return `pg_catalog.to_char(${column}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
}

/** The time of a row, where it has one. */
export function appliedAt(time: string | null | undefined): Pick<TrackedMigration, 'appliedAt'> {
  return time ? { appliedAt: time } : {};
}

/** The checksum of a row, where it has one. */
export function rowChecksum(checksum: string | null | undefined): Pick<TrackedMigration, 'checksum'> {
  return checksum ? { checksum } : {};
}

/** The reading of a table in which every row is an applied migration. */
export function everyRow(key: string, time?: string): TrackingTable['read'] {
  return (rows) => ({
    applied: rows.map((row) => ({
      keys: [row[key] ?? ''],
      label: row[key] ?? '',
      ...appliedAt(time === undefined ? undefined : row[time]),
    })),
    problems: [],
  });
}

/** The applied migrations, if the table has only the latest version. */
export function appliedThrough(version: string, migrations: readonly SourceMigration[]): TrackedMigration[] {
  const last = migrations.findIndex(({ key }) => key === version);
  const applied = last < 0 ? [{ key: version, label: version }] : migrations.slice(0, last + 1);
  return applied.map(({ key, label }) => ({ keys: [key], label }));
}
