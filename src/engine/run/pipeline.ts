/**
 * Sends transactional migrations ahead of each other's answers, so that a run waits for the network once and not a
 * thousand times. Each is a transaction of its own; answers are taken in order, and the first failure stops the rest.
 */

import type { Notice } from '../../connections/driver.js';
import type { Step } from '../../graph/plan.js';
import { waitsOf } from '../policy/waits.js';
import type { PreparedStep } from './read-step.js';
import { isCancelled, labelOf, type RunContext } from './run-context.js';
import { sendMigration } from './send-migration.js';
import { type Envelope, type Message, readDuration, transactionMessage } from './transaction-message.js';
import { watchSession } from './watch.js';

/** A message on its way. */
export interface Flight {
  step: PreparedStep;
  message: Message;
  /** Of the whole message. */
  length: number;
  outcome: Promise<{ durationMs: number } | { error: unknown }>;
  /** Notices that came before its turn to be told. */
  notices: Notice[];
  isTold: boolean;
}

export interface Failure {
  error: unknown;
  /** The first that failed. */
  flight: Flight;
  /** All that it decides about, in order: those sent behind it, and those before it in the same transaction. All are answered. */
  flights: readonly [Flight, ...Flight[]];
}

/** How a pipeline ended. */
interface Landing {
  /** How many steps are done and reported. */
  landed: number;
  failure?: Failure;
}

/** Enough to hide the network; few enough that memory holds a handful of texts. */
const maxFlights = 64;
const maxCharacters = 1 << 20;

/**
 * Applies steps until all are done, one fails, or the run is cancelled.
 * @throws KatError FILES_INVALID for a file that changed meanwhile, once everything before it has landed.
 */
export async function runPipeline(context: RunContext, steps: readonly Step[]): Promise<Landing> {
  const flights: Flight[] = [];
  let refusal: { error: unknown } | undefined;
  let landed = 0;
  while (landed < steps.length) {
    refusal ??= await sendAhead(context, steps.slice(landed, landed + maxFlights), flights);
    const flight = flights.shift();
    if (!flight && refusal) throw refusal.error;
    if (!flight) return { landed };
    context.reporter.start(flight.step.step);
    const outcome = await land(context, flight);
    if ('error' in outcome) {
      await Promise.all(flights.map((behind) => behind.outcome));
      return { landed, failure: { error: outcome.error, flight, flights: [flight, ...flights] } };
    }
    context.reporter.succeed(flight.step.step, outcome.durationMs);
    landed += 1;
  }
  return { landed };
}

/** @returns why the next one cannot be sent, where there is a reason other than room. */
async function sendAhead(
  context: RunContext,
  steps: readonly Step[],
  flights: Flight[],
): Promise<{ error: unknown } | undefined> {
  try {
    while (flights.length < steps.length && hasRoom(flights) && !isCancelled(context)) {
      flights.push(await launch(context, steps[flights.length] as Step, alone(flights.at(-1))));
    }
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Each message is a transaction of its own. */
function alone(before: Flight | undefined): Omit<Envelope, 'waits' | 'label'> {
  return { begins: true, commits: true, before: before?.step };
}

/**
 * Applies all steps in one transaction: nothing is reported as done before its COMMIT is answered.
 * @returns `landed` is all of them or none.
 */
export async function runSingleTransaction(context: RunContext, steps: readonly Step[]): Promise<Landing> {
  const flights: Flight[] = [];
  const durations: number[] = [];
  for (const [index, step] of steps.entries()) {
    if (isCancelled(context)) return { landed: 0 };
    const envelope = { begins: index === 0, commits: index === steps.length - 1, before: undefined };
    const flight = await launch(context, step, envelope);
    flights.push(flight);
    const outcome = await land(context, flight);
    if ('error' in outcome) {
      return {
        landed: 0,
        failure: { error: outcome.error, flight, flights: flights as [Flight, ...Flight[]] },
      };
    }
    durations.push(outcome.durationMs);
  }
  for (const [index, { step }] of flights.entries())
    context.reporter.succeed(step.step, durations[index] as number);
  return { landed: steps.length };
}

function hasRoom(flights: readonly Flight[]): boolean {
  const characters = flights.reduce((sum, { length }) => sum + length, 0);
  return flights.length < maxFlights && (flights.length === 0 || characters < maxCharacters);
}

async function launch(
  context: RunContext,
  planned: Step,
  envelope: Omit<Envelope, 'waits' | 'label'>,
): Promise<Flight> {
  const { workplace, reporter, setting } = context;
  const step = await context.prepare(planned);
  const message = transactionMessage(workplace, step, {
    ...envelope,
    label: labelOf(context, planned),
    waits: waitsOf(step.migration, setting.waits),
  });
  const length = message.parts.reduce((sum, part) => sum + part.length, 0);
  const notices: Notice[] = [];
  const flight: Flight = { step, message, length, notices, isTold: false, outcome: send() };
  return flight;

  function send(): Flight['outcome'] {
    const onNotice = (notice: Notice) => {
      if (flight.isTold) reporter.notice(step.step, notice);
      else notices.push(notice);
    };
    return sendMigration(workplace.session, message.parts, onNotice).then(
      (results) => ({ durationMs: readDuration(results) }),
      (error: unknown) => ({ error }),
    );
  }
}

/** Its turn has come: tells its notices, and waits for its answer. */
async function land(context: RunContext, flight: Flight) {
  const { step } = flight.step;
  for (const notice of flight.notices.splice(0)) context.reporter.notice(step, notice);
  flight.isTold = true;
  const stopWatching = watchSession(context, flight.step);
  const outcome = await flight.outcome;
  stopWatching();
  return outcome;
}
