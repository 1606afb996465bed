/** goose's table is a history in older versions: the last row of each version counts. */

import { appliedAt, type Row, type TrackingTable, timeColumn } from '../tracking-table.js';

export const gooseTable: TrackingTable = {
  name: 'goose_db_version',
  columns: ['version_id', 'is_applied', 'tstamp'],
  query: () => ({
    select: ['version_id::text AS version', 'is_applied', timeColumn('tstamp')],
    orderBy: 'id',
  }),
  read: (rows) => {
    const last = new Map<string, Row>();
    // Version 0 says that the table was created.
    for (const row of rows.filter(({ version }) => version !== '0')) {
      last.delete(row.version ?? '');
      last.set(row.version ?? '', row);
    }
    const applied = [...last].filter(([, row]) => row.is_applied === 't');
    return {
      applied: applied.map(([version, { tstamp }]) => ({
        keys: [version],
        label: version,
        ...appliedAt(tstamp),
      })),
      problems: [],
    };
  },
};
