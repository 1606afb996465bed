/** Sqitch's registry: a reworked change has several rows, which differ only in their order. */

import type { Problem } from '../../../errors.js';
import { listIds } from '../../../graph/list-ids.js';
import { appliedAt, type Row, type TrackingTable, timeColumn } from '../tracking-table.js';

export const sqitchTable: TrackingTable = {
  name: 'sqitch.changes',
  columns: ['change', 'project', 'committed_at'],
  query: () => ({
    select: ['project', 'change', timeColumn('committed_at')],
    orderBy: 'committed_at, change_id',
  }),
  read: (rows, migrations) => {
    const projects = new Set(migrations.map(({ key }) => key.slice(0, key.indexOf(':'))));
    const counts = new Map<string, number>();
    const own = rows.filter(({ project }) => projects.has(project ?? ''));
    const applied = own.map(({ project, change, committed_at: time }) => {
      const name = `${project}:${change}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const label = count === 1 ? (change ?? '') : `${change}@${count}`;
      return { keys: [`${project}:${label}`], label, ...appliedAt(time) };
    });
    return { applied, problems: own.length === 0 ? foreignProjects(rows, [...projects]) : [] };
  },
};

/** A project that was renamed would otherwise be deployed once more. */
function foreignProjects(rows: readonly Row[], own: readonly string[]): Problem[] {
  const others = [...new Set(rows.map(({ project }) => project ?? ''))];
  if (others.length === 0) return [];
  return [
    {
      message: `the registry has changes of ${listIds(others)}, but none of ${listIds(own)}`,
      help: 'Correct `%project` in sqitch.plan, or leave out --adopt when nothing of it is deployed.',
    },
  ];
}
