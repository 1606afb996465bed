/** Understands how a person names migrations on the command line. */

import { KatError } from '../errors.js';
import { indexReplaced } from './check-replaced.js';
import { countedAre } from './counted.js';
import type { Graph } from './graph.js';
import { indexMigrations, type MigrationIndex } from './index-migrations.js';
import { listIds, suggestIds } from './list-ids.js';
import { compareMigrations, type Migration } from './migration.js';
import { planDown, planUp } from './plan.js';

/** The database state that relative references need. */
export interface AppliedState {
  /** Ids, oldest first. */
  applied: readonly string[];
}

/**
 * The migrations that `reference` means. In this order: `heads` all heads, `head` the only one; a timestamp, an id or a
 * name; the beginning of exactly one id or name; one of these with `+N` or `-N` behind it, so many generations of children
 * or parents away; `+N` alone the Nth that `up` would apply next, `-N` the Nth that `down` would roll back.
 * A migration that is itself named `head` is reached by its id.
 * @param state needed for `+N` and `-N` alone.
 * @returns exactly one, except for `heads`: as many as there are.
 * @throws KatError USAGE, naming the candidates, when it means none or several.
 */
export function findMigrations(graph: Graph, reference: string, state?: AppliedState): readonly Migration[] {
  if (reference === 'heads') return graph.heads;
  if (reference === 'head') return [onlyHead(graph)];
  if (reference === 'base') throw baseHasNone();
  const steps = parseSteps(reference);
  if (steps) return [findFromHere(graph, steps, state)];
  const index = indexOf(graph);
  const found = index.find(reference);
  const candidates = found.length > 0 ? found : findByPrefix(graph, reference);
  if (candidates.length === 1) return candidates;
  if (candidates.length > 1) throw ambiguous(reference, candidates);
  const relative = relativePattern.exec(reference);
  if (!relative) throw unknown(graph, reference, index.suggest(reference));
  return [findRelative(graph, relative, state)];
}

/** Whether a reference is about the heads, which are those of the folder, whatever else a graph knows. */
export function namesHeads(reference: string): boolean {
  return /^heads?([+-]\d+)?$/.test(reference);
}

/** Making one takes time that a list of ten thousand references must not cost ten thousand times. */
const indexes = new WeakMap<Graph, MigrationIndex<Migration>>();

function indexOf(graph: Graph): MigrationIndex<Migration> {
  const index = indexes.get(graph) ?? indexMigrations(graph.migrations);
  indexes.set(graph, index);
  return index;
}

/** `+2` or `-1`: a number of steps from the current state. */
export interface Steps {
  sign: '+' | '-';
  count: number;
}

/** @returns undefined when `reference` is anything else. */
export function parseSteps(reference: string): Steps | undefined {
  const match = /^([+-])(\d{1,9})$/.exec(reference);
  return match ? { sign: match[1] as Steps['sign'], count: Number(match[2]) } : undefined;
}

const howToName = 'Write an id, a timestamp, a name, or the beginning of one';

/** How many candidates are listed where nothing looks like what was written. */
const maxListed = 10;

const relativePattern = /^(.+)([+-])(\d{1,9})$/;

function onlyHead({ heads }: Graph): Migration {
  const [head, ...others] = heads;
  if (!head) {
    throw new KatError('USAGE', 'there is no head, because there are no migrations', {
      help: 'Create one with `kat add`.',
    });
  }
  if (others.length > 0) throw ambiguous('head', heads);
  return head;
}

function findFromHere(graph: Graph, { sign, count }: Steps, state: AppliedState | undefined): Migration {
  if (!state) {
    throw new KatError(
      'USAGE',
      `${sign}${count} counts from the applied migrations, which this command does not use`,
      {
        help: `${howToName}.`,
      },
    );
  }
  const { applied } = state;
  const { steps } =
    sign === '+' ? planUp(graph, new Set(applied), { count }) : planDown(graph, applied, { count });
  const step = steps[count - 1];
  if (step && graph.has(step.id)) return graph.get(step.id);
  if (step) throw hasNoFolder(`${sign}${count}`, step.id);
  const all = sign === '+' ? planUp(graph, new Set(applied)).steps.length : applied.length;
  throw outOfRange({ sign, count }, all);
}

/** @param all how many are pending for `+`, or applied for `-`. */
export function outOfRange({ sign, count }: Steps, all: number): KatError {
  const what = sign === '+' ? 'pending' : 'applied';
  return new KatError('USAGE', `${sign}${count} is out of range: ${countedAre(all, 'migration')} ${what}`, {
    help: 'Run `kat status` to see the state of the database.',
  });
}

function hasNoFolder(reference: string, id: string): KatError {
  return new KatError('USAGE', `${reference} is ${id}, which has no folder`, { help: `${howToName}.` });
}

function findRelative(
  graph: Graph,
  [, base, sign, digits]: RegExpExecArray,
  state: AppliedState | undefined,
) {
  const from = base === 'base' ? undefined : findOnly(graph, base as string, state);
  let here = from;
  for (let left = Number(digits); left > 0; left -= 1) {
    const next = sign === '+' ? childrenOf(graph, here) : (here?.parents ?? []);
    here = graph.get(takeOnly(next, here?.id ?? 'base', sign === '+' ? 'children' : 'parents'));
  }
  if (here) return here;
  throw baseHasNone();
}

function findOnly(graph: Graph, reference: string, state: AppliedState | undefined): Migration {
  const [only, ...others] = findMigrations(graph, reference, state);
  if (only && others.length === 0) return only;
  throw ambiguous(reference, graph.heads);
}

function childrenOf(graph: Graph, migration: Migration | undefined): readonly string[] {
  return migration ? graph.children(migration.id) : graph.roots.map(({ id }) => id);
}

function takeOnly(ids: readonly string[], of: string, relation: 'children' | 'parents'): string {
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return only;
  throw only === undefined
    ? new KatError('USAGE', `${of} has no ${relation}`, { help: 'Count fewer steps.' })
    : new KatError('USAGE', `${of} has ${ids.length} ${relation}: ${listIds(ids)}`, {
        help: 'Name the intended migration.',
      });
}

function findByPrefix(graph: Graph, reference: string): Migration[] {
  if (reference === '') return [];
  return graph.migrations.filter(({ id, name }) => id.startsWith(reference) || name.startsWith(reference));
}

function baseHasNone(): KatError {
  return new KatError('USAGE', '"base" is the state without applied migrations, not a migration', {
    help: 'Use it in `kat down --to base` or `kat stamp --delete base`. `base+1` is the first migration.',
  });
}

function ambiguous(reference: string, candidates: readonly Migration[]): KatError {
  const ids = listIds(candidates.map(({ id }) => id));
  return new KatError(
    'USAGE',
    `${JSON.stringify(reference)} matches ${candidates.length} migrations: ${ids}`,
    {
      help: 'Write the timestamp or the full id of the intended migration.',
    },
  );
}

function unknown(graph: Graph, reference: string, similar: readonly string[]): KatError {
  const squashed = indexReplaced(graph.migrations)(reference);
  return new KatError('USAGE', `no migration matches ${JSON.stringify(reference)}`, {
    help:
      squashed === undefined
        ? suggestIds(similar, `${howToName}${newestOf(graph)}.`)
        : `It was squashed into ${squashed}: name that migration instead.`,
  });
}

function newestOf({ migrations }: Graph): string {
  const newest = [...migrations].sort(compareMigrations).slice(-maxListed);
  return newest.length === 0 ? '' : `; the newest are ${listIds(newest.map(({ id }) => id))}`;
}
