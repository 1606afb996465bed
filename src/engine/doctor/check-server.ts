/** Checks the server behind a session: whether it accepts changes, what it is, and what stands between. */

import type { Driver, Session } from '../../connections/driver.js';
import { counted } from '../../graph/counted.js';
import { refuseTransactionPooler } from '../session/pooler.js';
import { isPlainPostgres } from '../session/server-promises.js';
import { ensureWritable } from '../session/server-state.js';
import { type Citus, readCitus } from './check-citus.js';
import type { DoctorCheck } from './result.js';
import { ok, runCheck, skipped, warning } from './single-check.js';

/** The first major version that Kat is tested with. */
const oldestMajor = 14;

/** What the checks of one database share. */
export interface Patient {
  driver: Driver;
  session: Session;
}

export function checkServer({ driver, session }: Patient): Promise<DoctorCheck> {
  return runCheck('server', async () => {
    const { version: number, versionNumber } = session.server;
    if (session.sqlite) return ok(`SQLite ${number}`);
    const { version } = await ensureWritable(session);
    if (versionNumber < oldestMajor * 10_000) {
      const help = `Use version ${oldestMajor} or newer: Kat is tested with these.`;
      return warning(`PostgreSQL ${number} is old, and accepts changes`, help);
    }
    if (driver.name !== 'pglite' && !isPlainPostgres(version)) {
      const help = '`kat up` tries what it keeps of the promises of PostgreSQL before it changes anything.';
      return warning(`${version.slice(0, 60)} is not PostgreSQL as its project releases it`, help);
    }
    const citus = driver.name === 'pglite' ? undefined : await readCitus(session);
    return citus ? describeCitus(number, citus) : ok(`PostgreSQL ${number}, accepts changes`);
  });
}

function describeCitus(postgres: string, { version, nodes }: Citus) {
  const what = `PostgreSQL ${postgres} with Citus ${version}, accepts changes`;
  if (typeof nodes === 'string') return ok(`${what}; its nodes could not be asked: ${nodes}`);
  const { count, unreachable } = nodes;
  if (unreachable.length === 0) return ok(`${what}; ${counted(count, 'node')}, all reachable`);
  return warning(
    `${what}; ${counted(count, 'node')}, not reachable: ${unreachable.join(', ')}`,
    'Start these nodes, or correct their addresses in pg_dist_node: changes of distributed tables fail until then.',
  );
}

export function checkPooler({ driver, session }: Patient): Promise<DoctorCheck> {
  return runCheck('pooler', async () => {
    if (driver.name !== 'postgres') return skipped('this database has none');
    const backendPid = await readBackendPid(session);
    const reached = await refuseTransactionPooler(driver, session, backendPid);
    const why = reached.hasManySessions ? undefined : reached.whyOneSession?.();
    if (why !== undefined)
      return warning(why, 'Give Kat a direct connection, or a pool with several connections.');
    return ok(session.processId === backendPid ? 'direct connection' : 'a pooler in session mode');
  });
}

async function readBackendPid(session: Session): Promise<number> {
  const [result] = await session.execute('SELECT pg_catalog.pg_backend_pid() AS pid');
  return Number(result?.rows[0]?.pid);
}
