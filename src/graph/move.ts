/** A requested move of a database along the graph, and the resulting plan. */

import { KatError } from '../errors.js';
import { counted } from './counted.js';
import type { Graph } from './graph.js';
import { listIds } from './list-ids.js';
import {
  adviseSafely,
  losesRows,
  missingProblems,
  refuseSameSql,
  refuseUnsafeRollback,
} from './missing-advice.js';
import type { MissingCause } from './missing-cause.js';
import { type Plan, planDown, planDownOf, planDownTo, planUp } from './plan.js';
import { findMigrations, namesHeads, outOfRange, parseSteps } from './select.js';

/** Apply: everything, so many, or these and what they need. */
type UpMove = { kind: 'up'; count?: number | undefined; to?: readonly string[] | undefined };

/** Roll back: so many, the last N if there are so many, what came after one, these and what follows them, or everything. */
export type DownMove =
  | { kind: 'down'; count: number }
  | { kind: 'down'; last: number }
  | { kind: 'down'; to: string }
  | { kind: 'down'; of: readonly string[] }
  | { kind: 'down'; all: true };

/** Roll back and apply again: these (the last one where there are none) and what follows them; what was edited since. */
export type RedoMove = { kind: 'redo'; of: readonly string[] } | { kind: 'redo'; modified: true };

/** Roll back what has no folder here, and what was edited if `modified` says so; then apply everything. */
type SyncMove = { kind: 'sync'; modified: boolean };

/** References are as people write them: see `findMigrations`. */
export type Move = UpMove | DownMove | RedoMove | SyncMove;

/** A database's position on the graph. */
export interface Position {
  /** The migrations that are here: only these can be applied. */
  folder: Graph;
  /** With those that are applied and have no folder, where the move may meet them. */
  graph: Graph;
  /** Ids, oldest first. */
  applied: readonly string[];
  /** Ids of applied ones whose up.sql was edited since; only for moves that need it. */
  changed: readonly string[];
  /** Why some of these have no folder, where it is known. */
  missing?: MissingCause | undefined;
}

/**
 * The steps of a move, in order. `+N` and `-N` mean so many steps.
 * @throws KatError USAGE for a reference that means nothing or several, or that goes the wrong way; MIGRATIONS_MISSING when
 *   what is to be done again has no folder, or when it would roll back what seems renamed or another project's, or run it again.
 */
export function planMove(position: Position, move: Move): Plan {
  switch (move.kind) {
    case 'up':
      return refuseRenamed(position, move, planUpMove(position, move));
    case 'down':
      return refuseUnnamed(position, move, planDownMove(position, move));
    case 'redo':
      return planRedoMove(position, move);
    case 'sync':
      return refuseUnnamed(position, move, planSync(position, move.modified));
  }
}

/** A named migration may be applied in any state. */
function refuseRenamed(position: Position, { to = [] }: UpMove, plan: Plan): Plan {
  if (!position.missing) return plan;
  const named = new Set(
    findAll(
      position,
      to.filter((one) => !parseSteps(one)),
    ),
  );
  const unnamed = plan.steps.map(({ id }) => id).filter((id) => !named.has(id));
  refuseSameSql(position.missing, unnamed);
  return plan;
}

/** A named migration may be rolled back in any state. */
function refuseUnnamed(position: Position, move: DownMove | SyncMove, plan: Plan): Plan {
  const references = move.kind === 'down' && 'of' in move ? move.of.filter((one) => !parseSteps(one)) : [];
  const named = new Set(findAll(position, references));
  const rolledBack = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  refuseUnsafeRollback(
    position.missing,
    rolledBack.filter((id) => !named.has(id)),
  );
  return plan;
}

/** Whether a move rolls back more than a plain `down` names, so that it needs confirmation. */
export function needsConfirmation(move: Move, { steps }: Plan): boolean {
  return mayNeedConfirmation(move) && steps.some(({ direction }) => direction === 'down');
}

/** Whether a move begins with rolling back. */
export function isRollback({ kind }: Move): boolean {
  return kind === 'down' || kind === 'redo';
}

/** Whether there are plans of this move that a person should confirm. */
export function mayNeedConfirmation(move: Move): boolean {
  const isPlainDown = move.kind === 'down' && ('count' in move || 'last' in move);
  return move.kind !== 'up' && !isPlainDown;
}

/** Whether a move rolls back the latest ones without naming them, so that any other run changes which these are. */
export function isRelative(move: Move): boolean {
  if (!isRollback(move)) return false;
  if ('count' in move || 'last' in move) return true;
  if ('of' in move) return move.of.length === 0 || move.of.some(isSteps);
  return 'to' in move && move.to !== undefined && isSteps(String(move.to));
}

function isSteps(reference: string): boolean {
  return parseSteps(reference) !== undefined;
}

function planUpMove(position: Position, { count, to }: UpMove): Plan {
  const { folder, applied } = position;
  const done = new Set(applied);
  if (to === undefined) return planUp(folder, done, { count });
  const steps = onlySteps(to, '+');
  if (steps !== undefined) return planUp(folder, done, { count: Math.min(steps, count ?? steps) });
  return planUp(folder, done, { count, targets: findAll(position, to) });
}

function planDownMove(position: Position, move: DownMove): Plan {
  const { graph, applied } = position;
  if ('count' in move) return planDown(graph, applied, { count: move.count });
  if ('last' in move) return planLast(position, move.last);
  if ('all' in move) return planDown(graph, applied, { count: applied.length });
  const steps = onlySteps('to' in move ? [move.to] : move.of, '-');
  if (steps !== undefined) return planLast(position, steps);
  if ('of' in move) return planDownOf(graph, applied, findApplied(position, move.of));
  if (move.to === 'base') return planDown(graph, applied, { count: applied.length });
  const [target, ...others] = findAll(position, [move.to]);
  if (target === undefined || others.length > 0) throw notOneTarget(move.to, others.length);
  if (!applied.includes(target)) throw notApplied([target]);
  return planDownTo(graph, applied, target);
}

/** @throws KatError USAGE where fewer are applied: who writes `-9` for three did not mean all of them. */
function planLast({ graph, applied }: Position, count: number): Plan {
  if (applied.length > 0 && count > applied.length) throw outOfRange({ sign: '-', count }, applied.length);
  return planDown(graph, applied, { count });
}

function planRedoMove(position: Position, move: RedoMove): Plan {
  const { folder, graph, applied } = position;
  const down = planDownOf(graph, applied, findAgain(position, move));
  const targets = down.steps.map(({ id }) => id);
  const unknownIds = targets.filter((id) => !folder.has(id));
  if (unknownIds.length > 0) throw notHere(unknownIds, position.missing);
  return { steps: [...down.steps, ...planUp(folder, leftAfter(down, applied), { targets }).steps] };
}

function findAgain(position: Position, move: RedoMove): readonly string[] {
  if ('modified' in move) return position.changed;
  const count = move.of.length === 0 ? 1 : onlySteps(move.of, '-');
  if (count === undefined) return findApplied(position, move.of);
  return planLast(position, count).steps.map(({ id }) => id);
}

function planSync({ folder, graph, applied, changed }: Position, modified: boolean): Plan {
  const unknownIds = applied.filter((id) => !folder.has(id));
  const down = planDownOf(graph, applied, [...unknownIds, ...(modified ? changed : [])]);
  return { steps: [...down.steps, ...planUp(folder, leftAfter(down, applied)).steps] };
}

function leftAfter({ steps }: Plan, applied: readonly string[]): Set<string> {
  const gone = new Set(steps.map(({ id }) => id));
  return new Set(applied.filter((id) => !gone.has(id)));
}

/** @returns N where the only reference is `+N` or `-N` in this direction. */
function onlySteps(references: readonly string[], sign: '+' | '-'): number | undefined {
  const all = references.map(parseSteps);
  if (all.every((steps) => steps === undefined)) return undefined;
  const [only, ...others] = all;
  if (only && only.sign === sign && others.length === 0) return only.count;
  throw new KatError('USAGE', `${references.join(' ')} does not name one migration here`, {
    help: `Use ${sign}N without other names, or name migrations.`,
  });
}

function findAll(position: Position, references: readonly string[]): string[] {
  const { folder, graph } = position;
  const found = references.flatMap((reference) =>
    findMigrations(namesHeads(reference) ? folder : graph, reference, position),
  );
  return [...new Set(found.map(({ id }) => id))];
}

/** @throws KatError USAGE when one of them is not applied. */
function findApplied(position: Position, references: readonly string[]): string[] {
  const ids = findAll(position, references);
  const applied = new Set(position.applied);
  const pending = ids.filter((id) => !applied.has(id));
  if (pending.length > 0) throw notApplied(pending);
  return ids;
}

function notApplied(ids: readonly string[]): KatError {
  return new KatError('USAGE', `${listIds(ids)} ${ids.length === 1 ? 'is' : 'are'} not applied`, {
    help: 'Run `kat status` to see what is applied.',
  });
}

function notOneTarget(reference: string, others: number): KatError {
  const meant = others > 0 ? 'several' : 'none';
  return new KatError('USAGE', `--to takes one migration, but ${reference} means ${meant}`, {
    help: 'Name the migration that should stay as the latest.',
  });
}

function notHere(ids: readonly string[], cause: MissingCause | undefined): KatError {
  const advice = cause && adviseSafely(cause);
  return new KatError(
    'MIGRATIONS_MISSING',
    `${counted(ids.length, 'migration')} could not be applied again without a folder`,
    {
      problems:
        cause && advice
          ? missingProblems(cause)
          : ids.map((id) => ({ message: `${id} would be rolled back, but it has no folder`, migration: id })),
      help:
        advice ??
        `Check out the branch that has them. \`kat sync\` and \`kat down\` roll them back, ${losesRows}.`,
    },
  );
}
