/** Tracking tables in which every row is an applied migration. */

import type { Problem } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import { appliedAt, type Row, type TrackingTable, timeColumn } from './tracking-table.js';

export const dbmateTable: TrackingTable = {
  name: 'schema_migrations',
  columns: ['version'],
  stranger: ['dirty', 'golang-migrate'],
  query: () => ({ select: ['version::text AS version'], orderBy: 'version' }),
  read: (rows) => ({
    applied: rows.map(({ version }) => ({ keys: [version ?? ''], label: version ?? '' })),
    problems: [],
  }),
};

export const nodePgMigrateTable: TrackingTable = {
  name: 'pgmigrations',
  columns: ['name', 'run_on'],
  query: () => ({ select: ['name', timeColumn('run_on')], orderBy: 'run_on, id' }),
  read: (rows) => ({
    applied: rows.map(({ name, run_on: time }) => ({
      keys: [name ?? ''],
      label: name ?? '',
      ...appliedAt(time),
    })),
    problems: [],
  }),
};

/** Until version 1 rows have only the hash of the file and the journal's time, which is that of its creation. */
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

/** A change that was reworked has a row for each time, which can be told from each other only by their order. */
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
      message: `the registry has changes of ${listIds(others)}, and none of ${listIds(own)}`,
      help: 'Correct `%project` in sqitch.plan, or leave out --adopt when nothing of it is deployed.',
    },
  ];
}
