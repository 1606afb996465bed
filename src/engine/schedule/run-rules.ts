/** Decides for a run which of its steps may meet: by their own texts where these show all, else by the whole history. */

import type { Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import { areIndependent, type NameFootprint } from '../../sql/concurrency/name-footprint.js';
import type { NameFootprints } from '../../sql/concurrency/read-name-footprint.js';
import { splitIdentifier } from '../../sql/syntax/identifiers.js';
import { readVerdicts, type StepVerdicts } from './read-verdicts.js';

/** What a run must know of its steps, by their numbers in the plan. */
export interface RunRules {
  mayRunTogether(one: number, other: number): boolean;
  /** Whether no other step may run at the same time. */
  isAlone(step: number): boolean;
  /** Whether the step may take long. */
  isLong(step: number): boolean;
}

/** The steps of a run, all of direction `up`, and what their texts show, if that was read. */
interface RunSteps {
  graph: Graph;
  steps: readonly Pick<Step, 'id'>[];
  footprints: NameFootprints | undefined;
}

/** @throws KatError FILES_INVALID when a file cannot be read. */
export async function findRules(session: Session, { graph, steps, footprints }: RunSteps): Promise<RunRules> {
  if (footprints && (await changePath(session, footprints.schemas))) return oneAfterAnother;
  const { named, isPathUsual } = await readNames(session, steps, footprints);
  const unread = [...steps.keys()].filter((step) => !named[step]);
  if (unread.length === 0 || !isPathUsual) return rulesOf({ named });
  const serverVersion = Math.floor(session.server.versionNumber / 10_000);
  const unreadSteps = unread.map((step) => steps[step] as Pick<Step, 'id'>);
  const { verdicts } = await readVerdicts(graph, unreadSteps, serverVersion, (number, history) => {
    named[unread[number] as number] = footprints?.reader.readWithHistory(history);
  });
  return rulesOf({
    named,
    history: { verdicts, numbers: new Map(unread.map((step, number) => [step, number])) },
  });
}

/** Whoever runs behind the migration that makes a schema of the search path finds and makes its unqualified names there. */
async function changePath(session: Session, schemas: ReadonlySet<string>): Promise<boolean> {
  if (schemas.size === 0) return false;
  const [result] = await session.execute(
    `SELECT pg_catalog.current_setting('search_path') AS path, current_user AS role`,
  );
  const { path = '', role = '' } = result?.rows[0] ?? {};
  const names = (path ?? '').split(',').map((name) => splitIdentifier(name.trim())[0] ?? '');
  return names.some((name) => schemas.has(name === '$user' ? (role ?? '') : name));
}

const oneAfterAnother: RunRules = {
  mayRunTogether: () => false,
  isAlone: () => false,
  isLong: () => false,
};

/** What the texts show by themselves, and whether the history is read as the session would read it. */
interface ReadNames {
  /** Undefined for a step whose text does not show all. */
  named: (NameFootprint | undefined)[];
  isPathUsual: boolean;
}

async function readNames(
  session: Session,
  steps: RunSteps['steps'],
  footprints: NameFootprints | undefined,
): Promise<ReadNames> {
  const named = steps.map(({ id }) => footprints?.byId.get(id));
  if (named.every((one) => one?.locksExisting === false)) return { named, isPathUsual: true };
  const { hasFamilies, isPathUsual } = await readDatabase(session);
  const areTold = !hasFamilies && !footprints?.makesFamilies;
  return { named: areTold ? named : named.map((one) => (one?.locksExisting ? undefined : one)), isPathUsual };
}

/**
 * A lock on a table with partitions or heirs is one on all of them. The history is read with `public` as the search path: with another
 * one, a name with a schema and a name without may mean the same relation.
 */
async function readDatabase(session: Session): Promise<{ hasFamilies: boolean; isPathUsual: boolean }> {
  const [result] = await session.execute(`SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits) AS families,
    pg_catalog.current_setting('search_path') AS path,
    pg_catalog.array_to_string(pg_catalog.current_schemas(false), ',') AS schemas`);
  const { families, path, schemas } = result?.rows[0] ?? {};
  const isPathUsual = /^("\$user", *)?public$/.test(path ?? '') && schemas === 'public';
  return { hasFamilies: families !== 'f', isPathUsual };
}

/** The names of all steps, and the verdicts about those whose texts do not show all, with their numbers among these. */
interface KnownSteps {
  /** Undefined for a step that may run beside another one by its verdicts alone. */
  named: readonly (NameFootprint | undefined)[];
  history?: { verdicts: StepVerdicts; numbers: ReadonlyMap<number, number> };
}

function rulesOf({ named, history }: KnownSteps): RunRules {
  const numberOf = (step: number) => history?.numbers.get(step);
  const isAlone = (step: number) => {
    const number = numberOf(step);
    return number !== undefined && history?.verdicts.whyAlone(number) !== undefined;
  };
  const areApartByNames = (one: number, other: number) => {
    const [first, second] = [named[one], named[other]];
    return !first || !second || !areIndependent(first, second);
  };
  return {
    isAlone,
    mayRunTogether: (one, other) => {
      const [first, second] = [numberOf(one), numberOf(other)];
      if (first !== undefined && second !== undefined)
        return history?.verdicts.mayRunTogether(first, second) === true;
      return !isAlone(one) && !isAlone(other) && !areApartByNames(one, other);
    },
    isLong: (step) => {
      const number = numberOf(step);
      if (number !== undefined) return history?.verdicts.isLong(number) === true;
      return named[step]?.isLong === true || named[step]?.waitsForSnapshots === true;
    },
  };
}
