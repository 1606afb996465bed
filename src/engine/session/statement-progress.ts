/** Reads how far a long statement is, from the server's progress views. */

import type { Session } from '../../connections/driver.js';
import type { StatementProgress, UsedTable } from '../events.js';

interface View {
  /** Behind `pg_stat_progress_`. */
  name: string;
  /** The version that brought it. */
  since: number;
  /** SQL: `CREATE INDEX CONCURRENTLY`. */
  command: string;
  /** SQL; default the column of that name. */
  phase?: string;
  /**
   * The counters of each phase, by a pattern of the phase: the counters of other phases keep the values that they had.
   * The first that matches applies.
   */
  counters: readonly [
    pattern: string,
    unit: NonNullable<StatementProgress['unit']>,
    done: string,
    total: string,
  ][];
  /** SQL: whom the phase waits for. */
  locker?: string;
}

/** https://www.postgresql.org/docs/current/progress-reporting.html */
const views: readonly View[] = [
  {
    name: 'create_index',
    since: 120000,
    command: 'command',
    counters: [
      ['waiting%', 'transactions', 'lockers_done', 'lockers_total'],
      ['%loading%', 'tuples', 'tuples_done', 'tuples_total'],
      ['%sorting%', 'tuples', '0', '0'],
      ['%scanning%', 'blocks', 'blocks_done', 'blocks_total'],
      ['building index', 'blocks', 'blocks_done', 'blocks_total'],
    ],
    locker: "CASE WHEN phase LIKE 'waiting%' THEN nullif(current_locker_pid, 0) END",
  },
  {
    name: 'cluster',
    since: 120000,
    command: 'command',
    counters: [['seq scanning heap', 'blocks', 'heap_blks_scanned', 'heap_blks_total']],
  },
  {
    name: 'vacuum',
    since: 120000,
    command: "'VACUUM'",
    counters: [
      ['scanning heap', 'blocks', 'heap_blks_scanned', 'heap_blks_total'],
      ['vacuuming heap', 'blocks', 'heap_blks_vacuumed', 'heap_blks_total'],
    ],
  },
  {
    name: 'analyze',
    since: 130000,
    command: "'ANALYZE'",
    counters: [['acquiring sample rows', 'blocks', 'sample_blks_scanned', 'sample_blks_total']],
  },
  {
    name: 'copy',
    since: 140000,
    command: 'command',
    phase: "'copying'",
    counters: [['copying', 'bytes', 'bytes_processed', 'bytes_total']],
  },
];

function selectFrom(
  { name, command, phase = 'phase', counters, locker = 'NULL' }: View,
  backendPid: number,
): string {
  const choose = (value: (counter: View['counters'][number]) => string) =>
    `CASE ${counters.map((counter) => `WHEN ${phase} LIKE '${counter[0]}' THEN ${value(counter)}`).join(' ')} END`;
  return `SELECT ${command} AS command, ${phase} AS phase, nullif(relid, 0)::regclass::text AS relation,
    ${choose(([, , done]) => `${done}::bigint`)} AS done, ${choose(([, , , total]) => `${total}::bigint`)} AS total,
    ${choose(([, unit]) => `'${unit}'`)} AS unit, (${locker})::int AS locker
    FROM pg_stat_progress_${name} WHERE pid = ${backendPid}`;
}

/**
 * @param session with nothing but `pg_catalog` in its search path
 * @returns undefined for a statement of which the server reports nothing, such as one that rewrites a table.
 * @throws what the session throws.
 */
export async function readProgress(
  session: Session,
  backendPid: number,
): Promise<StatementProgress | undefined> {
  const known = views.filter(({ since }) => session.server.versionNumber >= since);
  const [result] = await session.execute(
    `${known.map((view) => selectFrom(view, backendPid)).join('\nUNION ALL\n')} LIMIT 1`,
  );
  const row = result?.rows[0];
  return row && toProgress(row);
}

function toProgress(row: Record<string, string | null>): StatementProgress {
  const { command, phase, relation, unit, done, total, locker } = row;
  const isCounted = Number(total) > 0;
  return {
    command: command ?? '',
    phase: phase ?? '',
    ...nameOf(relation),
    ...(isCounted
      ? { unit: unit as NonNullable<StatementProgress['unit']>, done: Number(done), total: Number(total) }
      : {}),
    ...(locker ? { lockerProcessId: Number(locker) } : {}),
  };
}

/** Of a relation that is not committed yet, only the number is known. */
function nameOf(relation: string | null | undefined): Pick<StatementProgress, 'relation'> {
  return relation && !/^\d+$/.test(relation) ? { relation } : {};
}

/**
 * The largest table that the backend has locked against writers, as planned statistics know it: for statements that report
 * nothing. Asks no relation for its size, which would wait for the lock.
 * @param session with nothing but `pg_catalog` in its search path
 * @throws what the session throws.
 */
export async function readLockedTable(session: Session, backendPid: number): Promise<UsedTable | undefined> {
  const [result] = await session.execute(
    `SELECT c.oid::regclass AS name, c.reltuples::bigint AS rows,
       c.relpages::bigint * current_setting('block_size')::bigint AS bytes
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
     WHERE l.pid = ${backendPid} AND l.granted AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'm')
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
     ORDER BY c.relpages DESC LIMIT 1`,
  );
  const row = result?.rows[0];
  if (!row?.name || Number(row.bytes) <= 0) return undefined;
  return { name: row.name, rows: Math.max(0, Number(row.rows)), bytes: Number(row.bytes) };
}
