/** golang-migrate's table has one row: the version that the database is at. */

import type { TrackingTable } from './tracking-table.js';

export const golangMigrateTable: TrackingTable = {
  name: 'schema_migrations',
  columns: ['version', 'dirty'],
  query: () => ({ select: ['version::text AS version', 'dirty'], orderBy: 'version' }),
  read: (rows, migrations) => {
    const row = rows.at(-1);
    const version = row?.version ?? '';
    if (row?.dirty === 't') return { applied: [], problems: [dirtyProblem(version)] };
    // -1 is written when everything was taken back.
    if (!row || version.startsWith('-')) return { applied: [], problems: [] };
    const last = migrations.findIndex(({ key }) => key === version);
    const applied = last < 0 ? [{ key: version, label: version }] : migrations.slice(0, last + 1);
    return { applied: applied.map(({ key, label }) => ({ keys: [key], label })), problems: [] };
  },
};

function dirtyProblem(version: string) {
  return {
    message: `version ${version} is dirty: its migration failed, and nobody has said what became of it`,
    help: 'Put the database right, and tell golang-migrate with `migrate force <version>`.',
  };
}
