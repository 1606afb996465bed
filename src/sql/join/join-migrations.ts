/** Joins several migrations, which ran in separate clean sessions and transactions, into one text. */

import { withoutEnclosingTransaction } from '../check/check.js';
import { type Parser, parseStatements, type Statement } from '../syntax/parse.js';
import { isKindOf } from '../syntax/statement-kinds.js';
import { setsTransaction } from '../transactions/transaction-control.js';
import { restoreConstraintModes } from './constraint-modes.js';
import { undoSessionChanges } from './session-changes.js';

/** The SQL of a migration, which has passed the check of transactional ones. */
export interface Part {
  id: string;
  text: string;
}

/** The texts in this order, unchanged but for an enclosing BEGIN and COMMIT, with what each left in its session undone behind it. */
export function joinMigrations(parser: Parser, parts: readonly Part[]): string {
  const before: Statement[] = [];
  return parts
    .map((part, index) => {
      const bare = withoutEnclosingTransaction(parser, part.text);
      const statements = statementsOf(parser, bare);
      // Behind the last one, the end of the migration undoes it.
      const undo = index === parts.length - 1 ? [] : undoOf(statements, before);
      for (const statement of statements) before.push(statement);
      return writePart(part.id, { bare, undo, isTerminated: isTerminated(parser, bare, statements) });
    })
    .join('\n');
}

function writePart(
  id: string,
  { bare, undo, isTerminated }: { bare: string; undo: readonly string[]; isTerminated: boolean },
): string {
  return [
    `-- ${'-'.repeat(60)}`,
    `-- ${id}`,
    '',
    bare.replace(/\s+$/, ''),
    ...(isTerminated ? [] : [';']),
    ...(undo.length > 0 ? ['', `-- What ${id} set does not reach the next part.`] : []),
    ...undo.map((statement) => `${statement};`),
    '',
  ].join('\n');
}

/** The effects of the end of a separate transaction: deferred checks, and a clean session. */
function undoOf(statements: readonly Statement[], before: readonly Statement[]): string[] {
  const isDeferring = [...before, ...statements].some(({ text }) => /\bdeferr(?:able|ed)\b/i.test(text));
  const checks = isDeferring && !statements.every(isHarmlessDefinition) ? [restoreConstraintModes] : [];
  return [...checks, ...undoSessionChanges(statements, before)];
}

/** Nothing that writes rows or sets modes. */
function isHarmlessDefinition({ kind }: Statement): boolean {
  return kind === 'CreateStmt' || kind === 'CommentStmt' || kind === 'GrantStmt';
}

function statementsOf(parser: Parser, text: string): readonly Statement[] {
  return parseStatements(parser, text).statements ?? [];
}

/** Whether another statement can follow on a new line; a comment there is no semicolon. */
function isTerminated(parser: Parser, text: string, statements: readonly Statement[]): boolean {
  const longer = parseStatements(parser, `${text}\nSELECT`).statements;
  return longer?.length === statements.length + 1;
}

/** Possible differences when migrations share a transaction, for the user to review. */
export interface Hazard {
  kind: 'enum value' | 'transaction setting' | 'rows';
  id: string;
}

/** Looks for what a shared transaction does not allow, and for rows that are no part of a schema. */
export function findHazards(parser: Parser, parts: readonly Part[]): Hazard[] {
  return parts.flatMap(({ id, text }) => {
    const statements = statementsOf(parser, text);
    const kinds: [Hazard['kind'], (statement: Statement) => boolean][] = [
      ['enum value', ({ node }) => 'AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined],
      ['transaction setting', ({ node }) => setsTransaction(node)],
      ['rows', ({ kind }) => isKindOf(kind, 'rows')],
    ];
    return kinds.filter(([, matches]) => statements.some(matches)).map(([kind]) => ({ kind, id }));
  });
}
