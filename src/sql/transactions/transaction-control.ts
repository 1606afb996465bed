/** Finds statements that begin, end or divide a transaction: Kat already opens one for each migration. */

import type { Node, TransactionStmtKind } from '@pgsql/types';
import type { Statement } from '../syntax/parse.js';

export interface TransactionControl {
  /** As the manual names it, such as `COMMIT AND CHAIN`. */
  command: string;
  /** Savepoints divide a transaction; everything else begins or ends one. */
  isSavepoint: boolean;
}

const controlCommands: Partial<Record<TransactionStmtKind, string>> = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_SAVEPOINT: 'SAVEPOINT',
  TRANS_STMT_RELEASE: 'RELEASE SAVEPOINT',
  TRANS_STMT_ROLLBACK_TO: 'ROLLBACK TO SAVEPOINT',
};

/** What a statement does to the transaction that it runs in; undefined when nothing. COMMIT PREPARED and ROLLBACK PREPARED
 * are about another one: refusals.ts has them. */
export function findTransactionControl(node: Node): TransactionControl | undefined {
  const kind = controlKind(node);
  const command = kind && controlCommands[kind];
  if (!command) return undefined;
  const isChained = 'TransactionStmt' in node && node.TransactionStmt.chain === true;
  return {
    command: isChained ? `${command} AND CHAIN` : command,
    isSavepoint: command.endsWith('SAVEPOINT'),
  };
}

/** Whether it makes a transaction go on that an error has ended. */
export function resumesTransaction(node: Node): boolean {
  return controlKind(node) === 'TRANS_STMT_ROLLBACK_TO';
}

/**
 * The BEGIN at the very beginning and the COMMIT at the very end of a file that has no other, as other tools want them.
 * BEGIN with options is none of these: leaving it out would leave them out.
 */
export function findEnclosingPair(
  statements: readonly Statement[],
): { begin: Statement; commit: Statement } | undefined {
  const begin = statements[0];
  const commit = statements.at(-1);
  if (!begin || !commit || !isPlainBegin(begin.node) || !isPlainCommit(commit.node)) return undefined;
  const isOnly = statements
    .slice(1, -1)
    .every(({ node }) => findTransactionControl(node)?.isSavepoint ?? true);
  return isOnly ? { begin, commit } : undefined;
}

/** BEGIN without options. */
export function isPlainBegin(node: Node): boolean {
  const kind = controlKind(node);
  if (kind !== 'TRANS_STMT_BEGIN' && kind !== 'TRANS_STMT_START') return false;
  return 'TransactionStmt' in node && (node.TransactionStmt.options ?? []).length === 0;
}

/** COMMIT without AND CHAIN. */
export function isPlainCommit(node: Node): boolean {
  return 'TransactionStmt' in node && findTransactionControl(node)?.command === 'COMMIT';
}

/** Whether it sets properties of its transaction, which the server takes only before the first query (25001). */
export function setsTransaction(node: Node): boolean {
  if (!('VariableSetStmt' in node)) return false;
  const { kind, name = '' } = node.VariableSetStmt;
  if (kind === 'VAR_SET_MULTI') return name.startsWith('TRANSACTION');
  return kind === 'VAR_SET_VALUE' && firstProperties.has(name);
}

const firstProperties: ReadonlySet<string> = new Set([
  'transaction_isolation',
  'transaction_deferrable',
  'transaction_read_only',
]);

/** Which transaction statement it is; undefined for all others. */
export function controlKind(node: Node): TransactionStmtKind | undefined {
  return 'TransactionStmt' in node ? node.TransactionStmt.kind : undefined;
}
