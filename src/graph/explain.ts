/** Explains for every step of a plan its reason and its predecessors. */

import type { Graph } from './graph.js';
import type { Direction } from './migration.js';
import { type Move, type Position, planMove } from './move.js';
import type { Plan, Step } from './plan.js';
import { findMigrations, parseSteps } from './select.js';

/**
 * `pending`: everything pending is wanted. `named`: somebody named it. `needed`: `of` needs it. `again`: it was rolled back
 * for that. `last`: it was applied last. `everything`: everything goes. `later`: it was applied after `of`. `descendant`: it
 * descends from `of`. `edited`: since it was applied. `missing`: it has no folder.
 */
export const stepReasons = [
  ...(['pending', 'named', 'needed', 'again'] as const),
  ...(['last', 'everything', 'later', 'descendant', 'edited', 'missing'] as const),
] as const;
export type StepReason = (typeof stepReasons)[number];

export interface ExplainedStep extends Step {
  reason: StepReason;
  /** The migration that the reason speaks of. */
  of?: string;
  /** Those steps of the plan, in the same direction, that it must come after: parents on the way up, children on the way down. */
  after: readonly string[];
}

interface Why {
  reason: StepReason;
  of?: string;
}

type Explainer = (id: string) => Why;

/** @param plan what `planMove` made of the same position and move. */
export function explainPlan(position: Position, move: Move, plan: Plan): ExplainedStep[] {
  const { graph } = position;
  const going = { up: idsGoing(plan, 'up'), down: idsGoing(plan, 'down') };
  const why = { up: explainUp(position, move, going), down: explainDown(position, move, going.down) };
  return plan.steps.map((step) => {
    const { id, direction } = step;
    const before = direction === 'up' ? graph.get(id).parents : graph.children(id);
    return { ...step, ...why[direction](id), after: before.filter((other) => going[direction].has(other)) };
  });
}

function idsGoing({ steps }: Plan, direction: Direction): Set<string> {
  return new Set(steps.filter((step) => step.direction === direction).map(({ id }) => id));
}

function explainUp(position: Position, move: Move, going: Record<Direction, Set<string>>): Explainer {
  if (move.kind !== 'up') {
    const rest: Why = { reason: move.kind === 'sync' ? 'pending' : 'named' };
    return (id) => (going.down.has(id) ? { reason: 'again' } : needed(position.graph, id, going.up, rest));
  }
  const targets = move.to?.filter((reference) => !parseSteps(reference)) ?? [];
  if (targets.length === 0) return () => ({ reason: 'pending' });
  // `--count` may have left out those that need the others.
  const whole = idsGoing(planMove(position, { ...move, count: undefined }), 'up');
  return (id) => needed(position.graph, id, whole, { reason: 'named' });
}

function needed(graph: Graph, id: string, wanted: ReadonlySet<string>, otherwise: Why): Why {
  if (otherwise.reason === 'pending') return otherwise;
  const child = graph.children(id).find((other) => wanted.has(other));
  return child === undefined ? otherwise : { reason: 'needed', of: child };
}

function explainDown({ graph, applied }: Position, move: Move, going: ReadonlySet<string>): Explainer {
  const plain = plainReason(move);
  if (plain) return () => plain;
  if (move.kind === 'down' && 'to' in move) {
    const [target] = findMigrations(graph, move.to, { applied });
    return () => ({ reason: 'later', ...(target ? { of: target.id } : {}) });
  }
  const root: StepReason = move.kind === 'sync' || 'modified' in move ? 'edited' : 'named';
  return (id) => (graph.get(id).isMissing ? { reason: 'missing' } : descended(graph, id, going, root));
}

/** The common reason of all steps, if they share one. */
function plainReason(move: Move): Why | undefined {
  if (move.kind === 'redo' && 'of' in move && move.of.every(parseSteps)) return { reason: 'last' };
  if (move.kind !== 'down') return undefined;
  if ('count' in move || 'last' in move || ('to' in move && parseSteps(move.to))) return { reason: 'last' };
  return 'all' in move || ('to' in move && move.to === 'base') ? { reason: 'everything' } : undefined;
}

function descended(graph: Graph, id: string, going: ReadonlySet<string>, root: StepReason): Why {
  const parent = graph.get(id).parents.find((other) => going.has(other));
  const ancestor = parent ?? [...graph.ancestors([id])].find((other) => going.has(other));
  return ancestor === undefined ? { reason: root } : { reason: 'descendant', of: ancestor };
}
