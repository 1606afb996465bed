/** The Supabase CLI's table has a row for each applied version, without the time. */

import type { TrackingTable } from './tracking-table.js';

export const supabaseTable: TrackingTable = {
  name: 'supabase_migrations.schema_migrations',
  columns: ['version'],
  query: () => ({ select: ['version::text AS version'], orderBy: 'version' }),
  read: (rows) => ({
    applied: rows.map(({ version }) => ({ keys: [version ?? ''], label: version ?? '' })),
    problems: [],
  }),
};
