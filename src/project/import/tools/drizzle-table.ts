/** Drizzle's table: until version 1, rows have only the hash of the file and the journal's time, which is that of its creation. */

import { appliedAt, type TrackingTable, timeColumn } from '../tracking-table.js';

export const drizzleTable: TrackingTable = {
  name: 'drizzle.__drizzle_migrations',
  columns: ['hash', 'created_at'],
  query: (has) => ({
    select: [
      'hash',
      'created_at::text AS created_at',
      has('name') ? 'name' : 'NULL AS name',
      has('applied_at') ? timeColumn('applied_at') : 'NULL AS applied_at',
    ],
    orderBy: 'id',
  }),
  read: (rows) => ({
    applied: rows.map(({ hash, created_at: created, name, applied_at: time }) => ({
      keys: [
        ...(name ? [name] : []),
        `when ${created} hash ${hash}`,
        `when ${created}`,
        // Version 1 names folders by whole seconds.
        `when ${created?.replace(/\d{3}$/, '000')}`,
        `hash ${hash}`,
      ],
      label: name ?? `${created} (hash ${hash})`,
      ...appliedAt(time),
    })),
    problems: [],
  }),
};
