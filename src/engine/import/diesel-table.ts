/** Diesel's table has a row for each applied version. */

import { appliedAt, type TrackingTable, timeColumn } from './tracking-table.js';

export const dieselTable: TrackingTable = {
  name: '__diesel_schema_migrations',
  columns: ['version', 'run_on'],
  query: () => ({ select: ['version', timeColumn('run_on')], orderBy: 'run_on, version' }),
  read: (rows) => ({
    applied: rows.map(({ version, run_on: time }) => ({
      keys: [version ?? ''],
      label: version ?? '',
      ...appliedAt(time),
    })),
    problems: [],
  }),
};
