/** Finds what SQL leaves behind in its session, and the statements that undo it in the middle of a transaction. */

import type { Node } from '@pgsql/types';
import { objectsIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';

/** Settings that a block of code is searched for by their names, as its statements cannot be seen. */
const likelySettings = [
  ...['search_path', 'role', 'session_authorization', 'check_function_bodies', 'row_security'],
  ...['session_replication_role', 'default_tablespace', 'default_table_access_method', 'timezone'],
  ...['datestyle', 'intervalstyle', 'bytea_output', 'standard_conforming_strings', 'xmloption'],
  ...['lock_timeout', 'statement_timeout', 'client_min_messages', 'work_mem', 'maintenance_work_mem'],
  ...['synchronous_commit', 'constraint_exclusion', 'default_transaction_isolation'],
];

const blocks: readonly string[] = ['DoStmt', 'CallStmt'];

/**
 * The statements that bring back what a migration changed in its session: settings by their names, the role, temporary tables,
 * prepared statements, cursors and listeners. What functions change that it calls cannot be seen.
 * @returns none where nothing has to be undone.
 */
export function undoSessionChanges(statements: readonly Statement[]): string[] {
  const names = new Set(statements.flatMap(settingsOf));
  const has = (kind: string) => statements.some((statement) => statement.kind === kind);
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
  return `RESET ${name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')}`;
}

function settingsOf({ node, kind, text }: Statement): string[] {
  if ('VariableSetStmt' in node) {
    const { kind: how, name } = node.VariableSetStmt;
    return name !== undefined && how !== 'VAR_SET_MULTI' && how !== 'VAR_RESET' ? [name.toLowerCase()] : [];
  }
  if (blocks.includes(kind)) {
    const lower = text.toLowerCase();
    return likelySettings.filter((name) => new RegExp(`\\b${name.replace('_', '[_ ]')}\\b`).test(lower));
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
