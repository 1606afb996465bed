/** Makes one transaction of a text that begins and commits its own, as files of other tools do. */

import type { FuncCall, Node } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { objectsIn } from '../syntax/objects-in.js';
import { type Parser, parseStatements, type Statement } from '../syntax/parse.js';
import { findTransactionControl, isPlainBegin, isPlainCommit } from './transaction-control.js';

/** A text in one transaction. */
interface JoinedText {
  text: string;
  /** Each BEGIN and COMMIT that is left out, with its place in the text as it was. */
  left: readonly Statement[];
}

/**
 * Leaves out BEGIN and COMMIT, and the lines that hold nothing else.
 * @returns the text as it is where it is no SQL, where a transaction has options, or where a part has another effect if it is not
 *   committed before the next one.
 * @throws KatError SQL_INVALID when the statements nest too deeply for the parser.
 */
export function joinTransactions(parser: Parser, text: string): JoinedText {
  const left = findJoinable(parseStatements(parser, text).statements ?? []);
  return { text: left.reduceRight(withoutStatement, text), left };
}

function findJoinable(statements: readonly Statement[]): readonly Statement[] {
  const found = statements.filter(({ node }) => findTransactionControl(node)?.isSavepoint === false);
  const last = found.at(-1);
  if (!last || !found.every(({ node }) => isPlainBegin(node) || isPlainCommit(node))) return [];
  const committed = statements.slice(0, statements.indexOf(last));
  return committed.some(({ node }) => dependsOnCommit(node)) ? [] : found;
}

/** Whether it ends with its transaction, or can be used only when that is committed. */
function dependsOnCommit(node: Node): boolean {
  if ('ConstraintsSetStmt' in node) return true;
  if ('VariableSetStmt' in node) return node.VariableSetStmt.is_local === true;
  if ('SelectStmt' in node) return [...objectsIn(node)].some(setsLocally);
  if ('CreateStmt' in node) return isTransient(node.CreateStmt.oncommit);
  if ('CreateTableAsStmt' in node) return isTransient(node.CreateTableAsStmt.into?.onCommit);
  // PostgreSQL refuses the use of a new value before it is committed (55P04).
  return 'AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined;
}

/** By set_config, whose third argument says whether the setting ends with its transaction. */
function setsLocally({ FuncCall: call }: Record<string, unknown>): boolean {
  const { funcname, args = [] } = (call as FuncCall | undefined) ?? {};
  if (namePartsOf(funcname).at(-1) !== 'set_config') return false;
  const { boolval } = nodeOf(args[2], 'A_Const') ?? {};
  return boolval === undefined || boolval.boolval === true;
}

function isTransient(onCommit: string | undefined): boolean {
  return onCommit === 'ONCOMMIT_DELETE_ROWS' || onCommit === 'ONCOMMIT_DROP';
}

function withoutStatement(text: string, { start, end }: Statement): string {
  const [before, after] = [text.slice(0, start), text.slice(end).replace(/^\s*;/, '')];
  const isAlone = /(?:^|\n)[^\S\n]*$/.test(before) && /^[^\S\n]*(?:\n|$)/.test(after);
  if (!isAlone) return before + after;
  return before.replace(/[^\S\n]*$/, '') + after.replace(/^[^\S\n]*(?:\n|$)/, '');
}
