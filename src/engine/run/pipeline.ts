/**
 * Sends transactional migrations ahead of each other's answers, so that a run waits for the network once and not a
 * thousand times. Each is a transaction of its own; answers are taken in order, and the first failure stops the rest.
 */

import type { Notice } from '../../connections/driver.js';
import type { Step } from '../../graph/plan.js';
import { waitsOf } from '../policy/waits.js';
import { flushNow } from '../session/late-flush.js';
import { unknownOutcome } from './find-done.js';
import { hasSeveralMessages } from './migration-clock.js';
import { createPreparedStatements, forgetPrepared, type PreparedStatements } from './prepared-statements.js';
import { mayBeQuick, quickMessage } from './quick-message.js';
import type { PreparedStep } from './read-step.js';
import { isCancelled, labelOf, type RunContext } from './run-context.js';
import { sendStep } from './send-migration.js';
import { type Envelope, type Message, readDuration, transactionMessage } from './transaction-message.js';
import { watchSession } from './watch.js';

/** A message on its way. */
export interface PendingMessage {
  step: PreparedStep;
  message: Message;
  /** Of the whole message. */
  length: number;
  outcome: Promise<{ durationMs: number } | { error: unknown }>;
  /** Notices that arrived before their migration's turn to be reported. */
  notices: Notice[];
  isReported: boolean;
  /** Whether a crash of the server may take it back although it was answered. */
  flushesLater: boolean;
}

export interface Failure {
  error: unknown;
  /** The first that failed. */
  failed: PendingMessage;
  /** All that it decides about, in order: those sent behind it, and those before it in the same transaction. All are answered. */
  affected: readonly [PendingMessage, ...PendingMessage[]];
  /** Steps before it that are reported as done and that a crash of the server may have taken back, in order. */
  unflushed: readonly Step[];
}

/** How a pipeline ended. */
interface PipelineResult {
  /** How many steps are done and reported. */
  completed: number;
  failure?: Failure;
}

/** Enough to hide the network; few enough that memory holds a handful of texts. */
const maxPending = 64;
const maxCharacters = 1 << 20;

/**
 * Applies steps until all are done, one fails, or the run is cancelled.
 * @throws KatError FILES_INVALID for a file that changed meanwhile, once everything before it is done.
 */
export async function runPipeline(context: RunContext, steps: readonly Step[]): Promise<PipelineResult> {
  const queue: PendingMessage[] = [];
  const prepared = createPreparedStatements();
  let refusal: { error: unknown } | undefined;
  let completed = 0;
  let flushed = 0;
  while (completed < steps.length) {
    refusal ??= await sendAhead(context, steps.slice(completed, completed + maxPending), {
      ...{ queue, prepared, last: steps.at(-1) },
    });
    const pending = queue.shift();
    if (!pending) {
      await flushEarly(context, steps.slice(flushed, completed));
      if (refusal) throw refusal.error;
      return { completed };
    }
    context.reporter.start(pending.step.step);
    const outcome = await awaitReply(context, pending);
    if ('error' in outcome) {
      await Promise.all(queue.map((behind) => behind.outcome));
      const unflushed = steps.slice(flushed, completed);
      const { error } = outcome;
      return { completed, failure: { error, failed: pending, affected: [pending, ...queue], unflushed } };
    }
    context.reporter.succeed(pending.step.step, outcome.durationMs);
    completed += 1;
    if (!pending.flushesLater) flushed = completed;
  }
  return { completed };
}

/**
 * Has the server write to disk what an early end of the run leaves unwritten.
 * @throws KatError STATE_UNKNOWN where that fails.
 */
async function flushEarly({ lockedSession }: RunContext, unflushed: readonly Step[]): Promise<void> {
  const last = unflushed.at(-1);
  if (!last) return;
  await lockedSession.session.execute(flushNow).catch((error: unknown) => {
    throw unknownOutcome(last, error, undefined);
  });
}

/** @returns why the next one cannot be sent, where there is a reason other than room. */
async function sendAhead(
  context: RunContext,
  steps: readonly Step[],
  {
    queue,
    prepared,
    last,
  }: { queue: PendingMessage[]; prepared: PreparedStatements; last: Step | undefined },
): Promise<{ error: unknown } | undefined> {
  try {
    while (queue.length < steps.length && hasRoom(queue) && !isStopping(context)) {
      const step = await context.prepare(steps[queue.length] as Step);
      if (!mayFollow(step, queue.at(-1))) break;
      const guard = await guardOf(context, step, queue.length > 0);
      if (guard === 'later') break;
      const isLast = step.step === last;
      queue.push(sendAlone(context, step, { before: queue.at(-1), guard, prepared, isLast }));
    }
    return undefined;
  } catch (error) {
    return { error };
  }
}

/**
 * A program sends one query after the other, and so may a migration on Citus: nothing is sent ahead of it or behind it. What follows another message asks
 * for that one first, which is a query, and no query may come before SET TRANSACTION.
 */
function mayFollow(step: PreparedStep, before: PendingMessage | undefined): boolean {
  return (
    before === undefined ||
    !(hasSeveralMessages(step) || step.setsTransaction || hasSeveralMessages(before.step))
  );
}

/** No query may come before SET TRANSACTION. */
async function guardOf({ losses }: RunContext, { step, setsTransaction }: PreparedStep, isBehind: boolean) {
  const guard = await losses?.guardOf(step, isBehind);
  return setsTransaction && guard !== 'later' ? undefined : guard;
}

function isStopping(context: RunContext): boolean {
  return isCancelled(context) || context.worker?.isStopping() === true;
}

/** As a transaction of its own. */
function sendAlone(
  context: RunContext,
  step: PreparedStep,
  {
    before,
    guard,
    prepared,
    isLast,
  }: Pick<Envelope, 'guard'> & {
    before: PendingMessage | undefined;
    prepared: PreparedStatements;
    isLast: boolean;
  },
): PendingMessage {
  const { lockedSession, worker } = context;
  // Other sessions may build on what a worker has committed.
  const flushesLater = lockedSession.mayFlushLater && !isLast && !worker;
  const own = {
    begins: true,
    commits: true,
    before: before?.step,
    guard,
    flushesLater,
    ...addressOf(context, step),
  };
  if (mayBeQuick(lockedSession, step))
    return send(context, step, {
      message: quickMessage(lockedSession, step, own, { prepared, isLast }),
      flushesLater,
    });
  // The migration must not see them. In its own message this would be a query, which may not come before SET TRANSACTION.
  if (!prepared.isEmpty) lockedSession.session.execute(forgetPrepared).catch(() => undefined);
  prepared.clear();
  return send(context, step, { message: transactionMessage(lockedSession, step, own), flushesLater });
}

/** What is said to the server about every step. */
function addressOf(
  context: RunContext,
  { step, migration }: PreparedStep,
): Pick<Envelope, 'label' | 'waits' | 'beforeCommit'> {
  const { waits, beforeCommit } = context.setting;
  return { label: labelOf(context, step), waits: waitsOf(migration, waits), beforeCommit };
}

/**
 * Applies all steps in one transaction: nothing is reported as done before its COMMIT is answered.
 * @returns `completed` is all of them or none.
 */
export async function runSingleTransaction(
  context: RunContext,
  steps: readonly Step[],
): Promise<PipelineResult> {
  const queue: PendingMessage[] = [];
  const durations: number[] = [];
  for (const [index, step] of steps.entries()) {
    if (isCancelled(context)) return { completed: 0 };
    const prepared = await context.prepare(step);
    const isLast = index === steps.length - 1;
    const place = { begins: index === 0, commits: isLast, before: undefined, flushesLater: false };
    const envelope = { ...place, ...addressOf(context, prepared) };
    const message = transactionMessage(context.lockedSession, prepared, envelope);
    const pending = send(context, prepared, { message, flushesLater: false });
    queue.push(pending);
    const outcome = await awaitReply(context, pending);
    if ('error' in outcome) {
      return {
        completed: 0,
        failure: {
          error: outcome.error,
          failed: pending,
          affected: queue as [PendingMessage, ...PendingMessage[]],
          unflushed: [],
        },
      };
    }
    durations.push(outcome.durationMs);
  }
  for (const [index, { step }] of queue.entries())
    context.reporter.succeed(step.step, durations[index] as number);
  return { completed: steps.length };
}

function hasRoom(queue: readonly PendingMessage[]): boolean {
  const characters = queue.reduce((sum, { length }) => sum + length, 0);
  return queue.length < maxPending && (queue.length === 0 || characters < maxCharacters);
}

function send(
  context: RunContext,
  step: PreparedStep,
  { message, flushesLater }: Pick<PendingMessage, 'message' | 'flushesLater'>,
): PendingMessage {
  const { reporter } = context;
  const length = message.parts.reduce((sum, part) => sum + part.length, 0);
  const notices: Notice[] = [];
  const pending: PendingMessage = {
    step,
    message,
    length,
    notices,
    flushesLater,
    isReported: false,
    outcome: sendNow(),
  };
  return pending;

  function sendNow(): PendingMessage['outcome'] {
    const onNotice = (notice: Notice) => {
      if (pending.isReported) reporter.notice(step.step, notice);
      else notices.push(notice);
    };
    return sendStep(context, { step, message }, onNotice).then(
      (results) => ({ durationMs: readDuration(results) }),
      (error: unknown) => ({ error }),
    );
  }
}

/** Its turn has come: tells its notices, and waits for its answer. */
async function awaitReply(context: RunContext, pending: PendingMessage) {
  const { step } = pending.step;
  for (const notice of pending.notices.splice(0)) context.reporter.notice(step, notice);
  pending.isReported = true;
  const stopWatching = watchSession(context, { step: pending.step });
  const outcome = await pending.outcome;
  await stopWatching();
  return outcome;
}
