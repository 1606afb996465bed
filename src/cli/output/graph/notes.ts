/** The notes behind a migration in the graph's drawing. */

import { nameStates } from '../../../engine/ledger/state-names.js';
import type { GraphMigration } from '../../../index.js';
import type { Style } from '../style.js';
import type { Piece } from './fit-pieces.js';

interface NoteSetting {
  /** Parents without a line in the drawing. */
  unlinked: readonly string[];
  nameOf(id: string): string;
  style: Style;
}

/** States that the mark or another note shows already. */
const shownOtherwise = new Set(['', 'applied', 'pending', 'missing', 'waiting', 'running']);

/** In a few words each: the state, the branch, the parents that are not drawn, and whether it is a head. */
export function graphNotes(migration: GraphMigration, { unlinked, nameOf, style }: NoteSetting): Piece[] {
  const { status, branch, redundantParents = [], isHead } = migration;
  const list = (ids: readonly string[]) => ids.map(nameOf).join(', ');
  const states = nameStates(status ?? {}).split(', ');
  return [
    ...states
      .filter((state) => !shownOtherwise.has(state))
      .map((text) => ({ text, paint: paintOf(text, style) })),
    ...(status?.waitsFor?.length ? [{ text: `waits for ${list(status.waitsFor)}` }] : []),
    ...(branch ? [{ text: `${branch} by this branch`, paint: style.green }] : []),
    ...(unlinked.length > 0 ? [{ text: `after ${list(unlinked)}`, paint: style.dim }] : []),
    ...(redundantParents.length > 0
      ? [{ text: `redundant: ${list(redundantParents)}`, paint: style.yellow }]
      : []),
    ...(isHead ? [{ text: 'head', paint: style.cyan }] : []),
  ];
}

const troubles = new Set(['failed', 'half-done', 'unordered']);

function paintOf(state: string, style: Style): (text: string) => string {
  if (troubles.has(state)) return style.red;
  return state === 'changed' ? style.yellow : style.dim;
}
