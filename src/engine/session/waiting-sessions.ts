/** Finds the sessions that wait for a backend, and for nobody else. */

import type { Session } from '../../connections/driver.js';

/** A session that waits for a lock. */
export interface Wait {
  processId: number;
  /** By the server; undefined before PostgreSQL 14, and in the first moment of a wait. */
  waitedMs: number | undefined;
  /** Process ids of those that hold the lock, or are queued for it in front; 0 is a prepared transaction. */
  blockers: readonly number[];
}

/** The waits of the server at one moment, if any of them has to do with one backend. */
export interface WaitGraph {
  /** The server's clock, in milliseconds since 1970. */
  nowMs: number;
  /** When the backend's current message began, as the server writes it. */
  queryStart: string | undefined;
  waits: readonly Wait[];
}

const lockTag = [
  ...['locktype', 'database', 'relation', 'page', 'tuple', 'virtualxid', 'transactionid'],
  ...['classid', 'objid', 'objsubid'],
];

function tagOf(alias: string): string {
  return `(${lockTag.map((column) => `${alias}.${column}`).join(', ')})`;
}

/** When the current message of the backend `a` began, as SQL. */
export const queryStartOf = 'extract(epoch FROM a.query_start)::text';

/**
 * Looks at the waits of the server. `pg_blocking_pids` locks the lock tables of the whole server for a moment, so it is called
 * only if a session waits for something that this backend has or waits for itself.
 * @param session with nothing but `pg_catalog` in its search path
 * @throws what the session throws.
 */
export async function readWaits(session: Session, backendPid: number): Promise<WaitGraph> {
  const waited = session.server.versionNumber < 140000 ? 'NULL' : 'clock_timestamp() - min(waitstart)';
  const [clock, found] = await session.execute(
    `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now,
       (SELECT ${queryStartOf} FROM pg_stat_activity a WHERE a.pid = ${backendPid}) AS query_start;
     WITH l AS MATERIALIZED (SELECT * FROM pg_locks)
     SELECT pid, extract(epoch FROM (${waited})::interval) * 1000 AS waited_ms,
       array_to_string(pg_blocking_pids(pid), ',') AS blockers
     FROM l WHERE NOT granted AND pid <> ${backendPid} AND EXISTS (
       SELECT FROM l w JOIN l o ON ${tagOf('w')} IS NOT DISTINCT FROM ${tagOf('o')}
       WHERE NOT w.granted AND w.pid <> ${backendPid} AND o.pid = ${backendPid})
     GROUP BY pid`,
  );
  const row = clock?.rows[0];
  return {
    nowMs: Number(row?.now),
    queryStart: row?.query_start ?? undefined,
    waits: (found?.rows ?? []).map(toWait),
  };
}

function toWait({ pid, waited_ms, blockers }: Record<string, string | null>): Wait {
  return {
    processId: Number(pid),
    waitedMs: waited_ms === null ? undefined : Number(waited_ms),
    blockers: (blockers ?? '').split(',').filter(Boolean).map(Number),
  };
}

/**
 * Those that wait for the backend, alone or together with other sessions of its run, and would go on if all these ended: they wait
 * for nobody else. A backend of the run may wait itself, because what is queued behind it waits for it.
 * @param run the process ids of all sessions of the run, if there are several.
 */
export function waitingFor(
  backendPid: number,
  waits: readonly Wait[],
  run: ReadonlySet<number> = new Set([backendPid]),
): Wait[] {
  const others = waits.filter(({ processId }) => !run.has(processId));
  const waiting = new Set(others.map(({ processId }) => processId));
  const ends = others.flatMap(({ blockers }) => blockers).filter((pid) => !waiting.has(pid));
  const behindBackend = reach(others, [backendPid]);
  const behindOthers = reach(
    others,
    ends.filter((pid) => !run.has(pid)),
  );
  return others.filter(({ processId }) => behindBackend.has(processId) && !behindOthers.has(processId));
}

/** The sessions that wait for one of these, and those that wait for them in turn. */
function reach(waits: readonly Wait[], starts: readonly number[]): ReadonlySet<number> {
  const reached = new Set(starts);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { processId, blockers } of waits) {
      if (blockers.some((pid) => reached.has(pid))) reached.add(processId);
    }
  }
  return reached;
}
