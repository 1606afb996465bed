/** Decides which statements may run user code: functions, procedures, triggers, rules and blocks. */

import type { Statement } from '../syntax/parse.js';
import { isKindOf } from '../syntax/statement-kinds.js';

/**
 * Whether a part of a history may run code that Kat does not analyse.
 * @param before the statements of the parts before it, from the history's beginning on
 */
export function mayRunCode(statements: readonly Statement[], before: readonly Statement[]): boolean {
  if (statements.some(({ kind }) => isKindOf(kind, 'runs code'))) return true;
  const all = [...before, ...statements];
  // An event trigger runs at any definition.
  if (all.some(({ kind }) => kind === 'CreateEventTrigStmt')) return true;
  const isBrought = all.some(({ kind }) => isKindOf(kind, 'brings code') || isKindOf(kind, 'runs code'));
  return isBrought && statements.some(({ kind }) => !isKindOf(kind, 'definition'));
}
