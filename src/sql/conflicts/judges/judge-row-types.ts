/** Judges two migrations of which one changes the columns of a row type, and the other uses it. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect } from '../../effects/effect.js';
import type { Judge, Judgement } from '../conflict.js';
import { swapped } from '../conflict.js';

const code = 'changed-while-used';

/** For `attributes of` a type: columns come, go and change independently of each other. */
export const judgeAttributes: Judge = (one, other) => {
  if (one.mode === 'read') return other.effect && swapped(judgeAttribute(other, one.effect));
  return judgeAttribute(one, other.effect);
};

function judgeAttribute(column: KeyAccess, use: Effect | undefined): Judgement | undefined {
  const { effect } = column;
  if (!effect || !use) return undefined;
  if (use.usage === 'row') return judgeRow(column, use);
  // CASCADE reaches a table as long as it is one OF the type, and without it such a table stands in the way.
  if (use.change?.kind === 'of type') return { code, severity: 'error' };
  if (use.by?.kind === 'table')
    return effect.isCascade ? undefined : { code, severity: 'error', first: 'one' };
  const isHeld = use.by?.kind === 'column' && rewritesRows(effect);
  return isHeld ? { code, severity: 'error', first: 'one' } : undefined;
}

/** Changes that PostgreSQL refuses if a column has the type (find_composite_type_dependencies). */
function rewritesRows({ action, change, sets = {} }: Effect): boolean {
  if (action === 'create') return ['default', 'identity', 'expression'].some((name) => name in sets);
  return action === 'alter' && change?.kind === 'type';
}

/** ROW must have as many values as the type has columns. */
function judgeRow({ effect, verb }: KeyAccess, { counts, by }: Effect): Judgement | undefined {
  if (!counts) return undefined;
  const isWritten = by?.kind === 'view' || by?.kind === 'materialized view';
  // A view keeps the values with the types that they were converted to.
  if (effect?.change?.kind === 'type') return { code, severity: isWritten ? 'error' : 'warning' };
  const missing = counts.values - counts.columns;
  if (verb === 'creates') return judgeWidth(missing, 1);
  return verb === 'drops' ? judgeWidth(missing, -1) : undefined;
}

/** @param change how many columns there are more afterwards */
function judgeWidth(missing: number, change: number): Judgement | undefined {
  if (missing === 0) return { code, severity: 'error', first: 'other' };
  return missing === change ? { code, severity: 'error', first: 'one' } : undefined;
}
