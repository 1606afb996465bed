/** Makes one error of all failures of a run, with the list of everything that it did not finish. */

import { type ErrorCode, type KatError, MigrationError, type UnfinishedSteps } from '../../../errors.js';
import type { QueuedSteps } from '../../../graph/ready-queue.js';
import { present } from '../../../present.js';
import type { Team } from './team.js';

/** @throws the gravest failure; nothing where there is none. */
export function throwFailures(team: Team, order: QueuedSteps): void {
  const [worst] = [...team.failures].sort((a, b) => rankOf(a) - rankOf(b));
  if (!worst) return;
  if (!(worst instanceof MigrationError)) throw worst;
  const { message, migration, direction, report, help, cause } = worst;
  throw new MigrationError(worst.code, message, {
    ...{ migration, direction, report, cause, finished: team.context.reporter.finished },
    ...present({ help }),
    problems: [worst, ...team.failures.filter((one) => one !== worst)].flatMap(({ problems }) => problems),
    unfinished: listUnfinished(team, order),
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
