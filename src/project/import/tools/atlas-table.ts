/** Atlas's table has a row for each version; a baseline or a checkpoint covers all earlier versions. */

import type { Problem } from '../../../errors.js';
import type { SourceMigration } from '../source.js';
import {
  appliedAt,
  type Row,
  type TrackedMigration,
  type TrackingTable,
  timeColumn,
} from '../tracking-table.js';

export const atlasTable: TrackingTable = {
  name: 'atlas_schema_revisions.atlas_schema_revisions',
  columns: ['version', 'type', 'applied', 'total', 'executed_at', 'error'],
  query: () => ({
    select: [
      'version',
      'type::text AS type',
      '(applied < total)::text AS partial',
      'error',
      timeColumn('executed_at'),
    ],
    orderBy: 'version',
  }),
  read: (rows, migrations) => {
    // Atlas keeps the identity of its cloud project in a row whose version begins with a dot.
    const own = rows.filter(({ version }) => !version?.startsWith('.'));
    const failed = own.filter((row) => row.partial === 'true' && !isResolved(row));
    const applied = own.filter((row) => !failed.includes(row)).flatMap((row) => follow(row, migrations));
    return { applied, problems: failed.map(failedProblem) };
  },
};

/** Types are flags: 1 is a baseline, 2 was executed, 4 was set by hand. */
function isResolved({ type }: Row): boolean {
  return (Number(type) & 4) !== 0;
}

function follow(row: Row, migrations: readonly SourceMigration[]): TrackedMigration[] {
  const version = row.version ?? '';
  const tracked = (key: string) => ({ keys: [key], label: key, ...appliedAt(row.executed_at) });
  const covering = migrations.findIndex(({ aliases }) => aliases?.includes(version));
  if (covering >= 0) return migrations.slice(0, covering + 1).map(({ key }) => tracked(key));
  const isBaseline = (Number(row.type) & 1) !== 0;
  const before = isBaseline ? migrations.filter(({ key }) => key < version) : [];
  return [...before.map(({ key }) => tracked(key)), tracked(version)];
}

function failedProblem({ version, error }: Row): Problem {
  return {
    message: error ? `${version} failed: ${error}` : `${version} was started but not finished`,
    help: 'Correct the database, then run `atlas migrate set`.',
  };
}
