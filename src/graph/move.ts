/** What a person asks for when they move a database along the graph, and the plan that it comes to. */

import { KatError } from '../errors.js';
import type { Graph } from './graph.js';
import { type Plan, planDown, planDownOf, planDownTo, planRedo, planUp } from './plan.js';
import { findMigrations, parseSteps } from './select.js';

/** Apply: everything, so many, or these and what they need. */
export type UpMove = { kind: 'up'; count?: number | undefined; to?: readonly string[] | undefined };

/** Roll back: so many, what came after one, these and what follows them, or everything. */
export type DownMove =
  | { kind: 'down'; count: number }
  | { kind: 'down'; to: string }
  | { kind: 'down'; of: readonly string[] }
  | { kind: 'down'; all: true };

/** Roll back and apply again: these and what follows them; those that were edited since they were applied. */
export type RedoMove = { kind: 'redo'; of: readonly string[] } | { kind: 'redo'; modified: true };

/** Roll back what has no folder here, and what was edited if `modified` says so; then apply everything. */
export type SyncMove = { kind: 'sync'; modified: boolean };

/** References are as people write them: see `findMigrations`. */
export type Move = UpMove | DownMove | RedoMove | SyncMove;

/** Where a database stands on the graph. */
export interface Position {
  /** With those that are applied and have no folder, where the move needs them. */
  graph: Graph;
  /** Ids, oldest first. */
  applied: readonly string[];
  /** Ids of applied ones whose up.sql was edited since; only for moves that need it. */
  changed: readonly string[];
}

/**
 * The steps of a move, in order. `+N` and `-N` mean so many steps.
 * @throws KatError USAGE for a reference that means nothing or several, or that goes the wrong way.
 */
export function planMove(position: Position, move: Move): Plan {
  switch (move.kind) {
    case 'up':
      return planUpMove(position, move);
    case 'down':
      return planDownMove(position, move);
    case 'redo':
      return planRedoMove(position, move);
    case 'sync':
      return planSync(position, move.modified);
  }
}

/** Whether a move takes back more than what a plain `down` is asked for, so that a person should confirm it. */
export function needsConfirmation(move: Move, { steps }: Plan): boolean {
  const isPlain = move.kind === 'down' && 'count' in move;
  return !isPlain && steps.some(({ direction }) => direction === 'down');
}

function planUpMove({ graph, applied }: Position, { count, to }: UpMove): Plan {
  const done = new Set(applied);
  if (to === undefined) return planUp(graph, done, { count });
  const steps = onlySteps(to, '+');
  if (steps !== undefined) return planUp(graph, done, { count: Math.min(steps, count ?? steps) });
  return planUp(graph, done, { count, targets: findAll({ graph, applied }, to) });
}

function planDownMove({ graph, applied }: Position, move: DownMove): Plan {
  if ('count' in move) return planDown(graph, applied, { count: move.count });
  if ('all' in move) return planDown(graph, applied, { count: applied.length });
  const steps = onlySteps('to' in move ? [move.to] : move.of, '-');
  if (steps !== undefined) return planDown(graph, applied, { count: steps });
  if ('of' in move) return planDownOf(graph, applied, findApplied({ graph, applied }, move.of));
  if (move.to === 'base') return planDown(graph, applied, { count: applied.length });
  const [target, ...others] = findApplied({ graph, applied }, [move.to]);
  if (target === undefined || others.length > 0) throw severalTargets(move.to);
  return planDownTo(graph, applied, target);
}

function planRedoMove({ graph, applied, changed }: Position, move: RedoMove): Plan {
  if ('modified' in move) return planRedo(graph, applied, changed);
  const steps = move.of.length === 0 ? 1 : onlySteps(move.of, '-');
  const last = steps === undefined ? undefined : planDown(graph, applied, { count: steps }).steps;
  const ids = last?.map(({ id }) => id) ?? findApplied({ graph, applied }, move.of);
  return planRedo(graph, applied, ids);
}

function planSync({ graph, applied, changed }: Position, modified: boolean): Plan {
  const strangers = applied.filter((id) => isStranger(graph, id));
  const down = planDownOf(graph, applied, [...strangers, ...(modified ? changed : [])]);
  const gone = new Set(down.steps.map(({ id }) => id));
  const left = new Set(applied.filter((id) => !gone.has(id)));
  const up = planUp(graph, left).steps.filter(({ id }) => !isStranger(graph, id));
  return { steps: [...down.steps, ...up] };
}

function isStranger(graph: Graph, id: string): boolean {
  return !graph.has(id) || graph.get(id).isMissing === true;
}

/** @returns N where the only reference is `+N` or `-N` in this direction. */
function onlySteps(references: readonly string[], sign: '+' | '-'): number | undefined {
  const all = references.map(parseSteps);
  if (all.every((steps) => steps === undefined)) return undefined;
  const [only, ...others] = all;
  if (only && only.sign === sign && others.length === 0) return only.count;
  throw new KatError('USAGE', `${references.join(' ')} cannot be gone to from here`, {
    help: `Write ${sign}N alone, or name migrations.`,
  });
}

function findAll(position: Pick<Position, 'graph' | 'applied'>, references: readonly string[]): string[] {
  const found = references.flatMap((reference) => findMigrations(position.graph, reference, position));
  return [...new Set(found.map(({ id }) => id))];
}

/** @throws KatError USAGE when one of them is not applied. */
function findApplied(position: Pick<Position, 'graph' | 'applied'>, references: readonly string[]): string[] {
  const ids = findAll(position, references);
  const applied = new Set(position.applied);
  const pending = ids.filter((id) => !applied.has(id));
  if (pending.length === 0) return ids;
  throw new KatError('USAGE', `${pending.join(', ')} is not applied, so there is nothing to roll back`, {
    help: 'Run `kat status` to see what is applied.',
  });
}

function severalTargets(reference: string): KatError {
  return new KatError('USAGE', `--to takes one migration, and ${reference} means several`, {
    help: 'Name the migration that is to be the last one applied.',
  });
}
