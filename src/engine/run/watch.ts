/** Watches the working session from another connection while it works: who blocks it, and whether it is still there. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import { isConnectionLost } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import type { Activity, EventListener, ServerSession } from '../events.js';
import { type WaitPolicy, waitsOf } from '../policy/waits.js';
import { type BackendActivity, describeWaits, readActivity } from '../session/read-activity.js';
import { warnOfStandbyWait } from '../session/standbys.js';
import type { PreparedStep } from './read-step.js';
import type { RunContext } from './run-context.js';

const pollMs = 1_000;

/** Which statement, counted from 1, and of how many. */
type StatementPlace = Pick<Activity, 'statement' | 'statements'>;

/** What is watched. */
interface WatchedWork {
  step: PreparedStep;
  /** Whether the guard may cancel it. */
  isCancellable?: () => boolean;
  /** Of a `no_transaction` migration. */
  place?: StatementPlace;
}

/**
 * Looks at the working session while it works, and lets the guard do so.
 * @returns what ends both.
 */
export function watchSession(context: RunContext, work: WatchedWork): () => Promise<void> {
  const { step, isCancellable = () => true } = work;
  const stopPolling = pollSession(context, work);
  const stopGuard = context.guard?.begin(step, isCancellable);
  return async () => {
    stopPolling();
    await stopGuard?.();
  };
}

/**
 * Polls once a second, or more often with a short lock timeout. Reports each new session that blocks the working session, and
 * what that does. Closes the working session if, for the driver's `answerTimeoutMs`, its backend was missing or idle, or the
 * server did not answer: on a half-open connection Kat would wait forever.
 * @returns what ends the watching.
 */
function pollSession(
  { lockedSession, setting, worker }: RunContext,
  { step: { step, migration, isProgram }, place = {} }: WatchedWork,
): () => void {
  const { lock, session, backendPid } = lockedSession;
  if (!lock.session) return () => undefined;
  const watcher =
    step.mode === 'statements' || worker || lock.fence !== undefined
      ? ownWatcher(setting.driver)
      : lockWatcher(lock.session);
  const limitMs = setting.driver.answerTimeoutMs ?? Number.POSITIVE_INFINITY;
  const tell = createTeller(setting.onEvent, step, place);
  const isAlive = isProgram ? isThere : createPulse();
  // Looks at even intervals are counted, not milliseconds: while this process itself is too busy to look, the server is not silent.
  let looksWithoutSign = 0;
  let isLooking = false;
  let isOver = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const sight = await lookAt(watcher, backendPid).catch(explainBlindness);
    isLooking = false;
    if (isAlive(sight)) looksWithoutSign = 0;
    if (typeof sight !== 'string' && !isOver) tell(sight);
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

/** Reports what a look has seen: all of it, and apart from that whom the session waits for or makes wait, when that is new. */
function createTeller(
  onEvent: EventListener,
  { id, direction }: Step,
  place: StatementPlace,
): (sight: Sight) => void {
  const startedAt = performance.now();
  const tellBlockers = whenChanged((blockers) => onEvent({ type: 'blocked', id, direction, blockers }));
  let isBlocking = false;
  let isAtStandby = false;
  return ({ blockers, waiting, progress, table, ...sight }) => {
    const runningMs = Math.round(performance.now() - startedAt);
    const seen = { ...(progress && { progress }), ...(table && { table }), blockers, waiting };
    onEvent({ type: 'activity', id, direction, ...place, runningMs, ...seen });
    tellBlockers(blockers);
    if (waiting.length > 0 && !isBlocking) onEvent({ type: 'blocking', id, direction, waiting });
    isBlocking = waiting.length > 0;
    if (sight.isAtStandby && !isAtStandby) warnOfStandbyWait(id, onEvent);
    isAtStandby = sight.isAtStandby;
  };
}

/** A statement that waits for a lock for less than a second must be looked at while it does. */
function firstLookMs({ lockTimeoutMs }: WaitPolicy): number {
  return lockTimeoutMs === 0 ? pollMs : Math.min(pollMs, lockTimeoutMs / 3);
}

interface Watcher {
  /** @throws what the session throws; Error if there is none to ask. */
  ask<T>(question: (session: Session) => Promise<T>): Promise<T>;
  close(): void;
}

type Sight = Omit<BackendActivity, 'waits'> & Pick<Activity, 'waiting'>;

/** `blind`: the watcher is lost itself; `refused`: the server had an error for it. */
type Outlook = Sight | 'blind' | 'refused';

/** The session's own search path may have operators that are not PostgreSQL's. */
const searchPath = 'search_path = pg_catalog';

/**
 * In a subtransaction: it gives back the locks that a look takes on the catalogues (`VACUUM FULL` would wait for them
 * to the end of the run), and keeps an error from dropping the runner's lock.
 */
function lockWatcher(session: Session): Watcher {
  const ask = async <T>(question: (session: Session) => Promise<T>) => {
    const [, answer] = await Promise.all([
      session.execute(`SAVEPOINT look; SET LOCAL ${searchPath}`),
      question(session),
      session.execute('ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look'),
    ]);
    return answer;
  };
  return { ask, close: () => undefined };
}

/**
 * On a connection of its own, opened at the first look: a look has a snapshot for a moment, and CREATE INDEX
 * CONCURRENTLY that starts in this moment waits for the end of the whole transaction, which for the lock's is the end
 * of the run. The server sees no deadlock in that (WaitForOlderSnapshots in indexcmds.c). In a run with several sessions, another
 * one may start to build an index at any moment.
 */
function ownWatcher(driver: Driver): Watcher {
  let opening: Promise<Session> | undefined;
  const open = async () => {
    const session = await driver.open('kat (watch)');
    await session.execute(`SET lock_timeout = 900; SET ${searchPath}`);
    return session;
  };
  const ask = async <T>(question: (session: Session) => Promise<T>) => {
    if (!opening && !driver.hasManySessions) throw new Error('there is no session to ask');
    opening ??= open();
    // That it cannot be opened says nothing about the session that works: a pooler may have no other one.
    const session = await Promise.race([opening, sleep(pollMs, undefined, { ref: false })]);
    if (!session) throw new Error('the session to ask is not open yet');
    return question(session);
  };
  return {
    ask,
    close: () => void opening?.then((session) => session.close()).catch(() => undefined),
  };
}

/** @throws what the watcher throws. */
async function lookAt(watcher: Watcher, backendPid: number): Promise<Sight> {
  const { waits, ...sight } = await watcher.ask((session) => readActivity(session, backendPid));
  const waiting = waits.length === 0 ? [] : await watcher.ask((session) => describeWaits(session, waits));
  return { ...sight, waiting };
}

function explainBlindness(error: unknown): Outlook {
  return isConnectionLost(error) ? 'blind' : 'refused';
}

/** The backend of a program is idle while the program computes. */
function isThere(sight: Outlook): boolean {
  return typeof sight === 'string' || sight.doing !== undefined;
}

/** @returns whether a query shows, as far as it can, a live server and a backend that works for us. */
function createPulse(): (sight: Outlook) => boolean {
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
