/** Watches the working session from another connection while it works: who blocks it, and whether it is still there. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import type { ServerSession } from '../events.js';
import { type WaitPolicy, waitsOf } from '../policy/waits.js';
import { findSessions } from '../session/server-sessions.js';
import { isConnectionLost } from './failure.js';
import type { PreparedStep } from './read-step.js';
import type { RunContext } from './run-context.js';

const pollMs = 1_000;

/**
 * Looks at the working session while it works, and lets the guard do so.
 * @param isCancellable whether the guard may cancel what runs.
 * @returns what ends both.
 */
export function watchSession(
  context: RunContext,
  step: PreparedStep,
  isCancellable: () => boolean = () => true,
): () => Promise<void> {
  const stopPolling = pollSession(context, step);
  const stopGuard = context.guard?.begin(step, isCancellable);
  return async () => {
    stopPolling();
    await stopGuard?.();
  };
}

/**
 * Polls once a second, or more often with a short lock timeout. Reports each new session that blocks the working session.
 * Closes the working session if, for the driver's `answerTimeoutMs`, its backend was missing or idle, or the server did not
 * answer: on a half-open connection Kat would wait forever.
 * @returns what ends the watching.
 */
function pollSession({ lockedSession, setting }: RunContext, { step, migration }: PreparedStep): () => void {
  const { lock, session, backendPid } = lockedSession;
  if (!lock.session) return () => undefined;
  const { id, direction } = step;
  const watcher =
    step.mode === 'statements'
      ? ownWatcher(setting.driver, backendPid)
      : lockWatcher(lock.session, backendPid);
  const limitMs = setting.driver.answerTimeoutMs ?? Number.POSITIVE_INFINITY;
  const tellBlockers = whenChanged((blockers) =>
    setting.onEvent({ type: 'blocked', id, direction, blockers }),
  );
  const isAlive = createPulse();
  // Looks at even intervals are counted, not milliseconds: while this process itself is too busy to look, the server is not silent.
  let looksWithoutSign = 0;
  let isLooking = false;
  let isOver = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const sight = await watcher.look();
    isLooking = false;
    if (isAlive(sight)) looksWithoutSign = 0;
    if (typeof sight !== 'string' && !isOver) tellBlockers(sight.blockers);
  };
  const lookAndCount = () => {
    looksWithoutSign += 1;
    if (looksWithoutSign * pollMs > limitMs) void session.close(`no sign of life for ${limitMs / 1000} s`);
    void look();
  };
  const firstLook = setTimeout(look, firstLookMs(waitsOf(migration, setting.waits)));
  const timer = setInterval(lookAndCount, pollMs);
  return () => {
    isOver = true;
    clearTimeout(firstLook);
    clearInterval(timer);
    watcher.close();
  };
}

/** A statement that waits for a lock for less than a second must be looked at while it does. */
function firstLookMs({ lockTimeoutMs }: WaitPolicy): number {
  return lockTimeoutMs === 0 ? pollMs : Math.min(pollMs, lockTimeoutMs / 3);
}

interface Watcher {
  /** Never throws. */
  look(): Promise<Sight>;
  close(): void;
}

/** `blind`: the watcher is lost itself; `refused`: the server had an error for it. */
type Sight = { blockers: readonly ServerSession[]; doing: string | undefined } | 'blind' | 'refused';

/**
 * In a subtransaction: it gives back the locks that a look takes on the catalogues (`VACUUM FULL` would wait for them
 * to the end of the run), and keeps an error from dropping the runner's lock.
 */
function lockWatcher(session: Session, backendPid: number): Watcher {
  const look = async () => {
    const [, sight] = await Promise.all([
      session.execute('SAVEPOINT look'),
      lookAt(session, backendPid),
      session.execute('ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look'),
    ]);
    return sight;
  };
  return { look: () => look().catch(explainBlindness), close: () => undefined };
}

/**
 * On a connection of its own, opened at the first look: a look has a snapshot for a moment, and CREATE INDEX
 * CONCURRENTLY that starts in this moment waits for the end of the whole transaction, which for the lock's is the end
 * of the run. The server sees no deadlock in that (WaitForOlderSnapshots in indexcmds.c).
 */
function ownWatcher(driver: Driver, backendPid: number): Watcher {
  let opening: Promise<Session> | undefined;
  const open = async () => {
    const session = await driver.open('kat (watch)');
    await session.execute('SET lock_timeout = 900');
    return session;
  };
  const look = async () => {
    if (!opening && !driver.hasManySessions) return 'refused';
    opening ??= open();
    // That it cannot be opened says nothing about the session that works: a pooler may have no other one.
    const session = await Promise.race([opening, sleep(pollMs, undefined, { ref: false })]);
    return session ? lookAt(session, backendPid) : 'refused';
  };
  return {
    look: () => look().catch(explainBlindness),
    close: () => void opening?.then((session) => session.close()).catch(() => undefined),
  };
}

/** @throws what the session throws. */
async function lookAt(session: Session, backendPid: number): Promise<Sight> {
  const [blockers, [activity]] = await Promise.all([
    findSessions(session, `SELECT unnest(pg_catalog.pg_blocking_pids(${backendPid}))`),
    session.execute(
      `SELECT state || ' since ' || state_change AS doing FROM pg_catalog.pg_stat_activity WHERE pid = ${backendPid}`,
    ),
  ]);
  return { blockers, doing: activity?.rows[0]?.doing ?? undefined };
}

function explainBlindness(error: unknown): Sight {
  return isConnectionLost(error) ? 'blind' : 'refused';
}

/** @returns whether a query shows, as far as it can, a live server and a backend that works for us. */
function createPulse(): (sight: Sight) => boolean {
  let before: string | undefined;
  return (sight) => {
    if (typeof sight === 'string') return true;
    const { doing } = sight;
    // Every backend is idle for a moment between two messages.
    const isAtWork = doing !== undefined && (!doing.startsWith('idle') || doing !== before);
    before = doing;
    return isAtWork;
  };
}

function whenChanged(
  tell: (sessions: readonly ServerSession[]) => void,
): (sessions: readonly ServerSession[]) => void {
  let known = '';
  return (sessions) => {
    const pids = sessions.map(({ processId }) => processId).join();
    if (pids !== known && pids !== '') tell(sessions);
    known = pids;
  };
}
