/** Kat opens and ends a migration's only transaction; the SQL must not. */

import { literalOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { findEnclosingPair, findTransactionControl } from '../../transactions/transaction-control.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const transactionControl: Rule = {
  id: 'transaction-control',
  severity: 'error',
  summary: 'BEGIN, COMMIT or ROLLBACK in a migration, which has a transaction already',
  checkMigration: ({ migration: { isTransactional }, statements, up }) => {
    const pair = isTransactional ? findEnclosingPair(up.statements ?? []) : undefined;
    const own = pair ? statements.slice(1, -1) : statements;
    return [...checkCommands(own, isTransactional), ...(isTransactional ? own.flatMap(checkBlock) : [])];
  },
};

/**
 * One finding for the whole file: where there is one such command, there are often many. One BEGIN and COMMIT around everything are
 * left out by Kat, and savepoints are harmless as long as there is a transaction.
 */
function checkCommands(statements: readonly LintedStatement[], isTransactional: boolean): Found[] {
  const commands = statements.flatMap(({ node, start }) => {
    const control = findTransactionControl(node);
    return control && !(isTransactional && control.isSavepoint)
      ? { command: control.command, at: start }
      : [];
  });
  const [first] = commands;
  if (!first) return [];
  const others = commands.length === 1 ? '' : ` (and ${commands.length - 1} more like it)`;
  const { why, help } = isTransactional ? inTransaction : alone;
  return [{ at: first.at, message: `${first.command}${others} ${why}`, help }];
}

const inTransaction = {
  why: 'interferes with the transaction that the migration runs in, so Kat refuses to run it',
  help: 'Leave it out. Move statements that must be committed first to a migration of their own.',
};

const alone = {
  why: 'needs a transaction, but with `no_transaction: true` every statement runs alone',
  help: 'Leave it out, or remove `no_transaction: true` from metadata.yaml.',
};

/** Comments and strings, in which nothing is done. */
const unread = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;

/** A block may only commit when it is not part of a transaction (2D000; plpgsql's documentation, "Transaction Management"). */
function checkBlock({ node, start }: LintedStatement): Found[] {
  const body = nodesOf(nodeOf(node, 'DoStmt')?.args, 'DefElem').find(({ defname }) => defname === 'as');
  const text = nodeOf(body?.arg, 'String')?.sval ?? literalOf(body?.arg) ?? '';
  const command = /\b(COMMIT|ROLLBACK)\s*(?:;|AND\b)/i.exec(text.replace(unread, ' '))?.[1];
  if (command === undefined) return [];
  return [
    {
      at: start,
      message: `${command.toUpperCase()} in a DO block fails inside of the migration's transaction (2D000)`,
      help: 'Move the block to a migration of its own with `no_transaction: true`.',
    },
  ];
}
