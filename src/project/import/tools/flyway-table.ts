/** Flyway's table is a history: later rows may take back or repair what earlier ones say. */

import type { Problem } from '../../../errors.js';
import type { SourceMigration } from '../source.js';
import {
  appliedAt,
  type Row,
  rowChecksum,
  type TrackedMigration,
  type TrackingTable,
  timeColumn,
} from '../tracking-table.js';
import { compareVersions, parseVersion } from './flyway-versions.js';

export const flywayTable: TrackingTable = {
  name: 'flyway_schema_history',
  columns: ['installed_rank', 'version', 'description', 'type', 'script', 'installed_on', 'success'],
  query: (has) => ({
    select: [
      ...['version', 'description', 'type', 'script', timeColumn('installed_on'), 'success'],
      has('checksum') ? 'checksum' : 'NULL AS checksum',
    ],
    orderBy: 'installed_rank',
  }),
  read: (rows, migrations) => {
    const valid = new Map<string, Row>();
    const covered = new Map<string, Row>();
    for (const row of rows) follow(row, { valid, covered, migrations });
    const failed = [...valid.values()].filter(({ success }) => success !== 't');
    const applied = [...covered, ...valid].map(([key, row]) => tracked(key, row));
    return { applied: withoutEarlyRepeatables(applied, migrations), problems: failed.map(failedProblem) };
  },
};

interface History {
  /** The row that speaks for a migration, by key. */
  valid: Map<string, Row>;
  /** The versions that a baseline covers. */
  covered: Map<string, Row>;
  migrations: readonly SourceMigration[];
}

function follow(row: Row, { valid, covered, migrations }: History): void {
  const { version, description, type } = row;
  if (type === 'SCHEMA') return;
  const key = version ? parseVersion(version) : `R ${description}`;
  valid.delete(key);
  if (type === 'DELETE' || (type?.startsWith('UNDO') && row.success === 't')) return;
  if (type?.endsWith('BASELINE')) {
    for (const migration of migrations) {
      if (isRepeatable(migration.key) || compareVersions(migration.key, key) > 0) continue;
      covered.set(migration.key, row);
    }
  } else valid.set(key, row);
}

function isRepeatable(key: string): boolean {
  return key.startsWith('R ');
}

/** A baseline's row speaks for other files; of a repeatable one, Flyway sums the text with its placeholders filled. */
function tracked(key: string, row: Row): TrackedMigration {
  const isOfFile = row.type === 'SQL' && !isRepeatable(key);
  return {
    keys: [key],
    label: row.script ?? key,
    ...appliedAt(row.installed_on),
    ...(isOfFile ? rowChecksum(row.checksum) : {}),
  };
}

/** Flyway may have run a repeatable one before migrations that are pending; Kat runs it behind them, once more. */
function withoutEarlyRepeatables(
  applied: readonly TrackedMigration[],
  migrations: readonly SourceMigration[],
): TrackedMigration[] {
  const done = new Set(applied.map(({ keys }) => keys[0]));
  const isComplete = migrations.every(({ key }) => isRepeatable(key) || done.has(key));
  return applied.filter(({ keys }) => isComplete || !isRepeatable(keys[0] ?? ''));
}

function failedProblem({ script }: Row): Problem {
  return {
    message: `${script} failed, and its final state is not recorded`,
    help: 'Correct the database, then run `flyway repair`.',
  };
}
