/** sqlx's table has a row for each applied version; one without success stands in its way. */

import { appliedAt, type TrackingTable, timeColumn } from './tracking-table.js';

export const sqlxTable: TrackingTable = {
  name: '_sqlx_migrations',
  columns: ['version', 'installed_on', 'success'],
  query: () => ({
    select: ['version::text AS version', 'success', timeColumn('installed_on')],
    orderBy: 'installed_on, version',
  }),
  read: (rows) => ({
    applied: rows.map(({ version, installed_on: time }) => ({
      keys: [version ?? ''],
      label: version ?? '',
      ...appliedAt(time),
    })),
    problems: rows
      .filter(({ success }) => success !== 't')
      .map(({ version }) => failedProblem(version ?? '')),
  }),
};

function failedProblem(version: string) {
  return {
    message: `version ${version} has not succeeded, and sqlx refuses to go on from it`,
    help: 'Put the database right, and correct or delete the row of that version.',
  };
}
