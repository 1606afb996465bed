/** Makes one error of all failures of a run, with the list of everything that it did not finish. */

import { type ErrorCode, KatError, MigrationError, type UnfinishedSteps } from '../../../errors.js';
import type { QueuedSteps } from '../../../graph/ready-queue.js';
import { present } from '../../../present.js';
import type { Team } from './team.js';

/** @throws the gravest failure; nothing where there is none. */
export function throwFailures(team: Team, order: QueuedSteps): void {
  const [worst] = [...team.failures].sort((a, b) => rankOf(a) - rankOf(b));
  if (!worst) return;
  const others = team.failures.filter((one) => one !== worst);
  if (!(worst instanceof MigrationError)) throw withOthers(worst, others);
  const { message, migration, direction, report, help, cause } = worst;
  throw new MigrationError(worst.code, message, {
    ...{ migration, direction, report, cause, finished: team.context.reporter.finished },
    ...present({ help }),
    problems: [worst, ...others].flatMap(({ problems }) => problems),
    unfinished: listUnfinished(team, order),
  });
}

/** Each session may have lost its connection: nothing else would name the migration of another one. */
function withOthers(worst: KatError, others: readonly KatError[]): KatError {
  if (others.length === 0) return worst;
  const { code, message, help, cause, problems } = worst;
  const more = others.flatMap((one) => [{ message: one.message }, ...one.problems]);
  const different = more.filter((one, index) =>
    [...problems, ...more.slice(0, index)].every((known) => known.message !== one.message),
  );
  return new KatError(code, message, {
    problems: [...problems, ...different],
    ...(help === undefined ? {} : { help }),
    cause,
  });
}

const grave: readonly ErrorCode[] = ['STATE_UNKNOWN', 'MIGRATION_HALF_DONE', 'MIGRATION_FAILED'];

/** What needs a look comes first, then what failed by itself; a sort keeps the order of equals. */
function rankOf({ code }: KatError): number {
  const rank = grave.indexOf(code);
  return rank < 0 ? grave.length : rank;
}

function listUnfinished({ failures, steps, context }: Team, { parents }: QueuedSteps): UnfinishedSteps {
  const ended = failures.filter((error) => error instanceof MigrationError);
  const failed = ended.filter(({ code }) => code !== 'CANCELLED');
  const cancelled = ended.filter(({ code }) => code === 'CANCELLED').map(({ migration }) => migration);
  const stopped = new Set(ended.map(({ migration }) => migration));
  const done = new Set(context.reporter.finished.map(({ id }) => id));
  const causes = steps.map((): ReadonlySet<string> => new Set());
  const heldBack = steps.flatMap(({ id }, number) => {
    if (done.has(id)) return [];
    const own = (parents[number] ?? []).flatMap((parent) => [...(causes[parent] as ReadonlySet<string>)]);
    causes[number] = new Set(stopped.has(id) ? [id] : own);
    if (stopped.has(id)) return [];
    const by = own.length > 0 ? [...new Set(own)] : failed.map(({ migration }) => migration);
    return [{ id, by }];
  });
  return { failed: failed.map(({ migration: id, message }) => ({ id, message })), cancelled, heldBack };
}
