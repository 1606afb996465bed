/** One session's part in a run with several: what it does after an error that another one may have caused. */

import { SqlError } from '../../../errors.js';
import type { Step } from '../../../graph/plan.js';
import { closeLockedSession, type LockedSession, reopenLockedSession } from '../../session/locked-session.js';
import { isCancelled, type Worker } from '../run-context.js';
import { type Member, type Team, workAlone } from './team.js';

export function createWorker(team: Team, member: Member): Worker {
  const triedAlone = new Set<string>();
  return {
    isStopping: () => team.isStopping,
    takenByOthers: () =>
      team.members
        .filter((other) => other !== member)
        .flatMap(({ steps }) => [...steps].map((number) => (team.steps[number] as Step).id)),
    retryAlone: async (step, error) => {
      if (!isCausedByOthers(error) || triedAlone.has(step.id) || isCancelled(member.context)) return false;
      triedAlone.add(step.id);
      reportRetry(team, step, error);
      await workAlone(team, member);
      return !isCancelled(member.context);
    },
    reopen: () => reopenAlone(team, member),
  };
}

/** As PostgreSQL 12 to 18 answer where two sessions meet in a catalog, or lock in different orders. */
function isCausedByOthers(error: unknown): error is SqlError {
  if (!(error instanceof SqlError) || error.isSessionLost) return false;
  const { sqlstate, schema } = error.report;
  return sqlstate === 'XX000' || sqlstate === '40P01' || (sqlstate === '23505' && schema === 'pg_catalog');
}

function reportRetry({ context }: Team, { id, direction }: Step, error: SqlError): void {
  context.setting.onEvent({ type: 'retrying', id, direction, error, retryInMs: 0, attempt: 1 });
}

/** All members share the new session, also one whose own session was lost meanwhile. */
async function reopenAlone(team: Team, member: Member): Promise<void> {
  await workAlone(team, member);
  if (!team.survivor || !(await isAlive(team.context.lockedSession))) await replaceSessions(team);
  team.survivor ??= member;
  for (const one of team.members) useOwnSession(team, one);
}

function isAlive({ session }: LockedSession): Promise<boolean> {
  return session.execute('SELECT').then(
    () => true,
    () => false,
  );
}

/** The old backend is waited for by the lock, so all other sessions must have given it back. */
async function replaceSessions({ context, members }: Team): Promise<void> {
  const { lockedSession, setting } = context;
  const pids = members.map((one) => one.context.lockedSession.backendPid);
  const others = members.map((one) => one.context.lockedSession).filter((one) => one !== lockedSession);
  await Promise.all(others.map(closeLockedSession));
  await reopenLockedSession(setting, lockedSession, pids);
}

/** In place: the member's guard looks at the session that is named there. */
function useOwnSession({ context }: Team, member: Member): void {
  Object.assign(member.context.lockedSession, context.lockedSession);
}
