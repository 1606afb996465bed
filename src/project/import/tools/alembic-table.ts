/** Alembic's table has only the heads; their ancestors are applied, too. */

import type { SourceMigration } from '../source.js';
import type { TrackingTable } from '../tracking-table.js';

export const alembicTable: TrackingTable = {
  name: 'alembic_version',
  columns: ['version_num'],
  query: () => ({ select: ['version_num AS version'], orderBy: 'version_num' }),
  read: (rows, migrations) => {
    const heads = rows.map(({ version }) => version ?? '');
    const reached = withAncestors(heads, migrations);
    const unknown = heads.filter((head) => !migrations.some(({ key }) => key === head));
    const known = migrations.filter(({ key }) => reached.has(key)).map(({ key }) => key);
    return {
      applied: [...known, ...unknown].map((key) => ({ keys: [key], label: key })),
      problems: [],
    };
  },
};

function withAncestors(heads: readonly string[], migrations: readonly SourceMigration[]): Set<string> {
  const parents = new Map(migrations.map((migration) => [migration.key, migration.parents]));
  const reached = new Set(heads);
  for (const key of reached) for (const parent of parents.get(key) ?? []) reached.add(parent);
  return reached;
}
