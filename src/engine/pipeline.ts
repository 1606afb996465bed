/**
 * Sends transactional migrations ahead of each other's answers, so that a run waits for the network once and not a
 * thousand times. Each is a transaction of its own; answers are taken in order, and the first failure stops the rest.
 */

import type { Notice } from '../drivers/driver.js';
import type { Step } from '../graph/plan.js';
import { type Message, readDuration, transactionMessage } from './apply.js';
import { watchBlockers } from './blockers.js';
import type { PreparedStep } from './prepare.js';
import { isCancelled, type RunContext } from './run-context.js';
import { waitsOf } from './waits.js';

/** A message on its way. */
export interface Flight {
  step: PreparedStep;
  message: Message;
  outcome: Promise<{ durationMs: number } | { error: unknown }>;
  /** Notices that came before its turn to be told. */
  notices: Notice[];
  isTold: boolean;
}

/** The first that failed, and those sent behind it, whose answers have all come. */
export interface Failure {
  error: unknown;
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

/** Applies steps until all are done, one fails, or the run is cancelled. */
export async function runPipeline(context: RunContext, steps: readonly Step[]): Promise<Landing> {
  const flights: Flight[] = [];
  let launched = 0;
  let landed = 0;
  while (landed < steps.length) {
    while (launched < steps.length && hasRoom(flights) && !isCancelled(context)) {
      flights.push(await launch(context, steps[launched] as Step, flights.at(-1)));
      launched += 1;
    }
    const flight = flights.shift();
    if (!flight) return { landed };
    const outcome = await land(context, flight);
    if ('error' in outcome) {
      await Promise.all(flights.map((behind) => behind.outcome));
      return { landed, failure: { error: outcome.error, flights: [flight, ...flights] } };
    }
    landed += 1;
  }
  return { landed };
}

function hasRoom(flights: readonly Flight[]): boolean {
  const characters = flights.reduce((sum, { message }) => sum + message.sql.length, 0);
  return flights.length < maxFlights && (flights.length === 0 || characters < maxCharacters);
}

async function launch(context: RunContext, { id }: Step, before: Flight | undefined): Promise<Flight> {
  const { workplace, reporter } = context;
  const step = await context.prepare(id);
  const waits = waitsOf(step.migration, context.setting.waits);
  const message = transactionMessage(workplace, step, waits, before?.step);
  const flight: Flight = {
    step,
    message,
    notices: [],
    isTold: false,
    outcome: Promise.resolve({ error: undefined }),
  };
  const onNotice = (notice: Notice) => {
    if (flight.isTold) reporter.notice(step.step, notice);
    else flight.notices.push(notice);
  };
  flight.outcome = workplace.session.execute(message.sql, onNotice).then(
    (results) => ({ durationMs: readDuration(results, workplace) }),
    (error: unknown) => ({ error }),
  );
  return flight;
}

/** Its turn has come: tells that it began, waits for its answer, and tells that it is done. */
async function land({ workplace, reporter, setting }: RunContext, flight: Flight) {
  const { step } = flight.step;
  reporter.start(step);
  for (const notice of flight.notices.splice(0)) reporter.notice(step, notice);
  flight.isTold = true;
  const stopWatching = watchBlockers(workplace, step, setting.onEvent);
  const outcome = await flight.outcome;
  stopWatching();
  if ('durationMs' in outcome) reporter.succeed(step, outcome.durationMs);
  return outcome;
}
