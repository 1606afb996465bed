/** Cancels the statement of a migration while other sessions wait for it longer than allowed. */

import type { Session } from '../../connections/driver.js';
import { isConnectionLost, KatError, SqlError } from '../../errors.js';
import type { WaitingSession } from '../events.js';
import { limitsBlocking, type WaitPolicy, waitsOf } from '../policy/waits.js';
import { openWithRetries, shortRetries } from '../session/connect.js';
import { type LockedSession, runPidsOf } from '../session/locked-session.js';
import { describeWaits } from '../session/read-activity.js';
import type { RunSetting } from '../session/run-setting.js';
import {
  queryStartOf,
  readWaits,
  type Wait,
  type WaitGraph,
  waitingFor,
} from '../session/waiting-sessions.js';
import { BlockingError } from './blocking-error.js';
import type { BlockGuard } from './run-context.js';

const pollMs = 250;

/**
 * Opens the guard's own session.
 * @returns undefined where there can be only one session; a warning says so.
 * @throws what opening throws: without the guard that was asked for, nothing runs.
 */
export async function openGuard(
  setting: RunSetting,
  lockedSession: LockedSession,
): Promise<BlockGuard | undefined> {
  const { driver, onEvent } = setting;
  if (!driver.hasManySessions) {
    onEvent({ type: 'warning', message: whyOff(driver.name) });
    return undefined;
  }
  return createGuard(setting, lockedSession, await openFirst(setting));
}

async function openFirst(setting: RunSetting): Promise<Session> {
  try {
    return await openSession(setting);
  } catch (cause) {
    if (!(cause instanceof KatError) || cause.code === 'CANCELLED') throw cause;
    const { code, message, help } = cause;
    const own =
      '`max_block` and `max_blocked_sessions` need a session of their own, so that three are open at once.';
    throw new KatError(code, `the session that watches whom migrations block cannot be opened: ${message}`, {
      help: [own, help].filter(Boolean).join(' '),
      cause,
    });
  }
}

function whyOff(driver: RunSetting['driver']['name']): string {
  return driver === 'pglite'
    ? '`max_block` and `max_blocked_sessions` have no effect on PGlite: it has no other sessions'
    : '`max_block` and `max_blocked_sessions` have no effect: Kat has only one connection';
}

async function openSession({ driver, onEvent, signal }: RunSetting): Promise<Session> {
  const session = await openWithRetries(driver, 'kat (guard)', { ...shortRetries, onEvent, signal });
  // A migration may have locked a catalogue, and the role may have a search path with operators of its own.
  await session.execute('SET lock_timeout = 900; SET search_path = pg_catalog');
  return session;
}

function createGuard(setting: RunSetting, lockedSession: LockedSession, first: Session): BlockGuard {
  let session = first;
  /** Of the current message and of the one before: a request may reach a message that was sent ahead. */
  let reasons: (BlockingReason | undefined)[] = [];
  const reopen = async (error: unknown) => {
    if (isConnectionLost(error)) session = await openSession(setting);
  };
  return {
    begin: ({ step: { id, direction }, migration }, isCancellable) => {
      const limits = waitsOf(migration, setting.waits);
      if (!limitsBlocking(limits)) return async () => undefined;
      reasons = [undefined, reasons[0]];
      const measure = createMeasure();
      let isOver = false;
      let cancelling: Promise<unknown> | undefined;
      const look = async () => {
        const { backendPid } = lockedSession;
        const graph = await readWaits(session, backendPid);
        const waiting = measure(graph, waitingFor(backendPid, graph.waits, runPidsOf(lockedSession)));
        if (!exceeds(waiting, limits) || !isCancellable()) return;
        const described = await describeWaits(session, waiting);
        if (isOver) return;
        if (!reasons[0]) setting.onEvent({ type: 'blocking', id, direction, waiting: described });
        reasons[0] ??= { waiting: described, limits };
        cancelling = cancelMessage(session, backendPid, graph.queryStart);
        await cancelling;
      };
      const stop = repeat(look, reopen);
      return async () => {
        isOver = true;
        stop();
        await cancelling?.catch(() => undefined);
      };
    },
    explain: (error) => {
      const reason = reasons.find((found) => found !== undefined);
      if (!reason || !isCancellation(error)) return error;
      reasons = [];
      return new BlockingError(reason.waiting, reason.limits, error);
    },
    close: () => session.close(),
  };
}

interface BlockingReason {
  waiting: readonly WaitingSession[];
  limits: WaitPolicy;
}

function isCancellation(error: unknown): boolean {
  return error instanceof SqlError && error.report.sqlstate === '57014';
}

/** Looks at intervals, and never twice at once. @returns what ends it. */
function repeat(look: () => Promise<void>, onError: (error: unknown) => Promise<void>): () => void {
  let isLooking = false;
  const once = async () => {
    if (isLooking) return;
    isLooking = true;
    await look()
      .catch(onError)
      .catch(() => undefined);
    isLooking = false;
  };
  const timer = setInterval(once, pollMs);
  return () => clearInterval(timer);
}

interface MeasuredWait extends Wait {
  waitedMs: number;
}

/**
 * Counts from the moment since when a session waits for us alone: it may have waited for another one before. That moment is
 * known to the interval between two looks.
 */
function createMeasure(): (graph: WaitGraph, waiting: readonly Wait[]) => MeasuredWait[] {
  const startedAt = performance.now();
  let lastLookMs: number | undefined;
  let since = new Map<number, number>();
  return ({ nowMs }, waiting) => {
    const before = lastLookMs ?? nowMs - (performance.now() - startedAt);
    lastLookMs = nowMs;
    since = new Map(
      waiting.map(({ processId, waitedMs = Number.POSITIVE_INFINITY }) => [
        processId,
        Math.max(nowMs - waitedMs, since.get(processId) ?? before),
      ]),
    );
    return waiting
      .map((wait) => ({ ...wait, waitedMs: Math.max(0, nowMs - (since.get(wait.processId) ?? nowMs)) }))
      .sort((one, other) => other.waitedMs - one.waitedMs);
  };
}

/** @param waiting the one that waited longest comes first. */
function exceeds(
  waiting: readonly MeasuredWait[],
  { maxBlockMs, maxBlockedSessions = Number.POSITIVE_INFINITY }: WaitPolicy,
): boolean {
  const [longest] = waiting;
  const isTooLong = maxBlockMs > 0 && longest !== undefined && longest.waitedMs > maxBlockMs;
  return isTooLong || waiting.length > maxBlockedSessions;
}

/** Only while the backend is still at the message that was looked at: the next one blocks nobody. */
function cancelMessage(session: Session, backendPid: number, queryStart: string | undefined) {
  return session.execute(
    `SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity a
     WHERE a.pid = ${backendPid} AND ${queryStartOf} = '${queryStart}'`,
  );
}
