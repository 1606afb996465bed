/** Statements that leave nothing behind, wherever they run. */

import type { Statement } from './parse.js';

const kinds: ReadonlySet<string> = new Set(['VariableSetStmt', 'VariableShowStmt', 'NotifyStmt', 'LockStmt']);

/** Whether a statement changes nothing but the session that it runs in. */
export function isHarmless({ kind }: Statement): boolean {
  return kinds.has(kind);
}
