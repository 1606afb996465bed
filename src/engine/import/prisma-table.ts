/** Prisma's table has a row for every attempt. */

import { appliedAt, type TrackingTable, timeColumn } from './tracking-table.js';

export const prismaTable: TrackingTable = {
  name: '_prisma_migrations',
  columns: ['migration_name', 'finished_at', 'rolled_back_at', 'started_at'],
  query: () => ({
    select: ['migration_name AS name', timeColumn('finished_at'), timeColumn('rolled_back_at')],
    orderBy: 'started_at, id',
  }),
  read: (rows) => {
    const state = rows.filter(({ rolled_back_at: rolledBack }) => !rolledBack);
    const failed = state.filter(({ finished_at: finished }) => !finished);
    const applied = state.filter(({ finished_at: finished }) => finished);
    return {
      applied: applied.map(({ name, finished_at: finished }) => ({
        keys: [name ?? ''],
        label: name ?? '',
        ...appliedAt(finished),
      })),
      problems: failed.map(({ name }) => ({
        message: `${name} was begun and not finished`,
        help: 'Put the database right, and tell Prisma with `prisma migrate resolve`.',
      })),
    };
  },
};
