/** Finds what lives no longer than a session or a transaction: statements that share it cannot be taken apart. */

import type { Node, RangeVar } from '@pgsql/types';
import { isSetConfig } from '../../postgres/settings-of.js';
import { literalOf, type NodeKind, nodeOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { nodesIn } from '../../syntax/objects-in.js';

/** Prepared statements, cursors, listeners, deferred checks, and locks that others rely on. */
const kinds: readonly NodeKind[] = [
  'PrepareStmt',
  'DeclareCursorStmt',
  'ListenStmt',
  'LoadStmt',
  'ConstraintsSetStmt',
  'LockStmt',
];

/** Functions that leave something in the session, or read what it left (functions-sequence, functions-admin). */
const calls: ReadonlySet<string> = new Set([
  'currval',
  'lastval',
  'setseed',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_xact_lock',
  'pg_export_snapshot',
  'txid_current',
  'pg_current_xact_id',
]);

/** Settings that a repeated set_config restores, wherever its values are literals. */
const repeatable = 'set_config';

/** Whether another session, or another transaction, would not find what the statement leaves. */
export function keepsSessionState(node: Node): boolean {
  if (kinds.some((kind) => kind in node)) return true;
  if (nodesIn(node, 'FuncCall').some(isStateful)) return true;
  const into = nodeOf(node, 'CreateTableAsStmt')?.into ?? nodeOf(node, 'SelectStmt')?.intoClause;
  const made =
    nodeOf(node, 'CreateStmt')?.relation ??
    nodeOf(node, 'ViewStmt')?.view ??
    nodeOf(node, 'CreateSeqStmt')?.sequence ??
    into?.rel;
  return isTemporary(made) || namePartsOf(nodeOf(node, 'CreateFunctionStmt')?.funcname)[0] === 'pg_temp';
}

/** Whether it is a set_config that ends with its transaction, or may: statement by statement that is at once. */
export function isLocalConfig(node: Node): boolean {
  const isCalled = nodesIn(node, 'FuncCall').some(
    ({ funcname }) => namePartsOf(funcname).at(-1) === repeatable,
  );
  return isCalled && !isSetConfig(node);
}

function isStateful({ funcname, args = [] }: { funcname?: Node[]; args?: Node[] }): boolean {
  const name = namePartsOf(funcname).at(-1) ?? '';
  if (name === repeatable) return args.some((arg) => !nodeOf(arg, 'A_Const') && literalOf(arg) === undefined);
  return calls.has(name);
}

function isTemporary(range: RangeVar | undefined): boolean {
  return range?.relpersistence === 't' || range?.schemaname === 'pg_temp';
}

const blank = String.raw`(?:\s|--[^\n]*\n|/\*.*?\*/)`;
const localSetting = new RegExp(`^(${blank}*set${blank}+)local\\b${blank}*`, 'is');

/** If every statement has a separate transaction, SET LOCAL ends with its own statement. */
export function outliveStatement(text: string): string {
  return text.replace(localSetting, '$1');
}
