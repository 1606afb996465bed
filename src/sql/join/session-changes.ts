/** Finds what SQL leaves behind in its session, and the statements that undo it in the middle of a transaction. */

import type { Node } from '@pgsql/types';
import { quoteIdentifier } from '../../quote.js';
import { objectsIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';
import type { StatementKind } from '../syntax/statement-kinds.js';
import { mayRunCode } from './runs-code.js';

/**
 * Brings back whatever code may have set. RESET ALL would also take away how long this migration may wait, and what Kat knows its
 * transaction by.
 */
const resetSettings = `SELECT pg_catalog.set_config(name, reset_val, false) FROM pg_catalog.pg_settings
WHERE source = 'session' AND context <> 'internal' AND name NOT IN ('lock_timeout', 'statement_timeout', 'role',
  'session_authorization', 'is_superuser', 'seed', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable')`;

/** After unknown code: all session state that may have changed. */
const undoEverything: readonly string[] = [
  'RESET SESSION AUTHORIZATION',
  'RESET ROLE',
  resetSettings,
  'CLOSE ALL',
  'UNLISTEN *',
  'DEALLOCATE ALL',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
];

/**
 * The statements that bring back what a migration changed in its session: settings by their names, the role, temporary tables,
 * prepared statements, cursors and listeners.
 * @param before the statements of the parts before it: code that these define may run in it
 * @returns none where nothing has to be undone.
 */
export function undoSessionChanges(
  statements: readonly Statement[],
  before: readonly Statement[] = [],
): string[] {
  const names = new Set([...statements.flatMap(settingsOf), ...statements.flatMap(customSettingsOf)]);
  if (mayRunCode(statements, before)) return [...undoEverything, ...[...names].filter(isCustom).map(reset)];
  const has = (kind: StatementKind) => statements.some((statement) => statement.kind === kind);
  return [
    ...[...names].map(reset),
    ...(statements.some(({ node }) => makesTemporary(node)) ? ['DISCARD TEMP'] : []),
    ...(has('PrepareStmt') ? ['DEALLOCATE ALL'] : []),
    ...(has('DeclareCursorStmt') ? ['CLOSE ALL'] : []),
    ...(has('ListenStmt') ? ['UNLISTEN *'] : []),
  ];
}

function reset(name: string): string {
  if (name === 'role') return 'RESET ROLE';
  if (name === 'session_authorization') return 'RESET SESSION AUTHORIZATION';
  return `RESET ${name.split('.').map(quoteIdentifier).join('.')}`;
}

/** Settings with a name of two parts, which the server does not list, wherever the text of a body names them. */
function customSettingsOf({ text }: Statement): string[] {
  const found = text.matchAll(
    /set_config\s*\(\s*'+([\w.]+)'+|\bset\s+(?:local\s+|session\s+)?([a-z_]\w*\.\w+)\s*(?:=|to\b)/gi,
  );
  return [...found].map(([, called, set]) => (called ?? set ?? '').toLowerCase()).filter(isCustom);
}

function isCustom(name: string): boolean {
  return name.includes('.');
}

function settingsOf({ node }: Statement): string[] {
  if ('VariableSetStmt' in node) {
    const { kind: how, name } = node.VariableSetStmt;
    return name !== undefined && how !== 'VAR_SET_MULTI' && how !== 'VAR_RESET' ? [name.toLowerCase()] : [];
  }
  return findSetConfigs(node);
}

interface Call {
  funcname?: readonly { String?: { sval?: string } }[];
  args?: readonly { A_Const?: { sval?: { sval?: string } } }[];
}

function findSetConfigs(node: Node): string[] {
  return [...objectsIn(node)].flatMap(({ FuncCall }) => {
    const { funcname, args } = (FuncCall ?? {}) as Call;
    const isIt = funcname?.at(-1)?.String?.sval === 'set_config';
    const name = isIt ? args?.[0]?.A_Const?.sval?.sval : undefined;
    return name === undefined ? [] : [name.toLowerCase()];
  });
}

function makesTemporary(node: Node): boolean {
  return [...objectsIn(node)].some(
    ({ relpersistence, schemaname }) => relpersistence === 't' || schemaname === 'pg_temp',
  );
}
