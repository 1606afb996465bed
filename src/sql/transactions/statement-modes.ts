/** Decides how to send one statement of a `no_transaction` migration. */

import type { FuncCall, Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { isSetConfig, settingsOf } from '../postgres/settings-of.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';
import { findRefusal } from './refusals.js';

/**
 * `block`: in a transaction together with the journal's entry, so that both happen or neither.
 * `block or alone`: likewise, unless it turns out to commit by itself (2D000) or to refuse a transaction block (25001), as
 * procedures, DO blocks and functions may.
 * `alone`: the server refuses it inside a transaction.
 * `by itself`: the server commits it whatever is around it.
 * `setting`: changes only the session; it is run again whenever the migration resumes.
 */
export type StatementMode = 'block' | 'block or alone' | 'alone' | 'by itself' | 'setting';

/** The journal has no entries of these: they run again whenever the migration resumes. */
export function isSetting({ kind, node }: Partial<Pick<Statement, 'kind' | 'node'>>): boolean {
  return kind === 'VariableSetStmt' || (node !== undefined && isSetConfig(node));
}

/**
 * The index of the statement that a half-done migration stopped in: the first one behind the finished ones that the journal has entries of.
 * @param statements of PostgreSQL, or without kinds of SQLite, whose journal has entries of all.
 * @returns the number of statements when only settings are left.
 */
export function stoppedIndex(
  statements: readonly Partial<Pick<Statement, 'kind' | 'node'>>[],
  finished: number,
): number {
  const index = statements.findIndex((statement, at) => at >= finished && !isSetting(statement));
  return index === -1 ? statements.length : index;
}

/** @returns how many of the finished statements came before a DISCARD ALL, which has taken their settings back. */
export function forgottenSettings(statements: readonly Pick<Statement, 'node'>[], finished: number): number {
  return (
    statements
      .slice(0, finished)
      .findLastIndex(({ node }) => nodeOf(node, 'DiscardStmt')?.target === 'DISCARD_ALL') + 1
  );
}

/** A body decides, or the database does: whether a table is partitioned, or a subscription has a slot (schema/refusals.ts). */
const undecided: ReadonlySet<string> = new Set([
  ...['CallStmt', 'DoStmt', 'ReindexStmt', 'ClusterStmt', 'DropSubscriptionStmt'],
]);

export function statementMode(statement: Statement): Exclude<StatementMode, 'by itself'> {
  const { node, kind } = statement;
  if (isSetting(statement)) return 'setting';
  if (findRefusal(node)) return 'alone';
  if (undecided.has(kind)) return 'block or alone';
  return kind === 'SelectStmt' && callsUnknown(node) ? 'block or alone' : 'block';
}

/**
 * The same where the server commits DDL by itself, or takes no rows beside it: only what surely writes rows alone shares a transaction with
 * the journal's entry.
 */
export function modeWithoutTransaction(statement: Statement): 'block' | 'by itself' | 'setting' {
  const { node, kind } = statement;
  if (isSetting(statement)) return 'setting';
  const createsTable = 'SelectStmt' in node && node.SelectStmt.intoClause !== undefined;
  return rowStatements.has(kind) && !createsTable && !callsUnknown(node) ? 'block' : 'by itself';
}

const rowStatements: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'],
]);

/** Whether it runs a body, which may commit in the middle. A definition, such as of a default, only names its functions. */
export function runsCode({ node, kind }: Statement): boolean {
  if (kind === 'CallStmt' || kind === 'DoStmt') return true;
  return (rowStatements.has(kind) || kind === 'CreateTableAsStmt') && callsUnknown(node);
}

/** Whether a function is called that PostgreSQL does not bring itself: it may refuse a transaction block, or commit. */
export function callsUnknown(node: Node): boolean {
  return nodesIn(node, 'FuncCall').some(isUnknown);
}

function isUnknown({ funcname }: FuncCall): boolean {
  const [name = '', schema = 'pg_catalog'] = namePartsOf(funcname).reverse();
  return schema !== 'pg_catalog' || !isBuiltinFunction(name);
}

const roleSettings: ReadonlySet<string | undefined> = new Set(['role', 'session_authorization']);

/** Whether this changes who we are: `SET ROLE`, `SET SESSION AUTHORIZATION`, their RESET, or set_config of these. */
export function changesRole(statement: Statement): boolean {
  return isSetting(statement) && settingsOf(statement.node).some(({ name }) => roleSettings.has(name));
}
