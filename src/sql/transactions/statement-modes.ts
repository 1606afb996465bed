/** How one statement of a `no_transaction` migration is to be sent. */

import type { Statement } from '../syntax/parse.js';
import { findRefusal } from './transaction-rules.js';

/**
 * `block`: in a transaction together with the journal's entry, so that both happen or neither.
 * `block or alone`: likewise, unless it turns out to commit by itself (2D000), as procedures and DO blocks may.
 * `alone`: the server refuses it inside a transaction.
 * `setting`: changes only the session; it is run again whenever the migration resumes.
 */
export type StatementMode = 'block' | 'block or alone' | 'alone' | 'setting';

export function statementMode({ node, kind }: Statement): StatementMode {
  if (kind === 'VariableSetStmt') return 'setting';
  if (kind === 'CallStmt' || kind === 'DoStmt') return 'block or alone';
  return findRefusal(node) ? 'alone' : 'block';
}

/** Whether this changes who we are: `SET ROLE`, `SET SESSION AUTHORIZATION` or their RESET. */
export function changesRole({ node }: Statement): boolean {
  return (
    'VariableSetStmt' in node && ['role', 'session_authorization'].includes(node.VariableSetStmt.name ?? '')
  );
}
