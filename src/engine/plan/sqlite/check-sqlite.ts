/** Finds what a SQLite migration must not contain, before anything runs. There is no parser for SQLite: it checks syntax itself. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import {
  type SqliteStatement,
  splitSqliteMigration,
  splitSqliteStatements,
} from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import type { Problem, ProblemCode } from '../../../errors.js';
import type { Step } from '../../../graph/plan.js';
import { locate } from '../../../sql/syntax/position.js';
import { createsTemporary, droppedTable } from './statement-names.js';
import { findTableChanges } from './table-changes.js';

interface SqliteSql {
  text: string;
  file: string;
  migration: string;
  mode: Step['mode'];
}

/** What was found in one file. */
interface SqliteSqlCheck {
  problems: Problem[];
  statements: readonly SqliteStatement[];
}

export function checkSqliteSql(sql: SqliteSql): SqliteSqlCheck {
  const statements = (sql.mode === 'transaction' ? splitSqliteMigration : splitSqliteStatements)(sql.text);
  const unguarded = sql.mode === 'transaction' ? undefined : findUnguardedRebuild(statements);
  const problems = statements.flatMap((statement) => {
    const found = statement === unguarded ? rebuild : findProblem(statement, sql.mode);
    if (!found) return [];
    const location = locate(sql.text, statement.start, sql.file);
    return [{ ...found, title: 'SQL error', location, migration: sql.migration }];
  });
  return { problems, statements };
}

/**
 * The statement that drops a table which is there again in the end, under its name or the one it was renamed to, unless the
 * migration has switched foreign keys off before: it deletes the rows of child tables, and nothing takes that back.
 */
function findUnguardedRebuild(statements: readonly SqliteStatement[]): SqliteStatement | undefined {
  const { rebuilt, renames } = findTableChanges(statements);
  const former = renames.filter(({ from }) => rebuilt.includes(from)).map(({ to }) => to);
  const replaced = new Set([...rebuilt, ...former]);
  const drop = statements.findIndex(({ head }) => replaced.has(asciiLower(droppedTable(head)?.name ?? '')));
  const isGuarded = statements.slice(0, Math.max(drop, 0)).some((one) => isChangeOf(one, 'FOREIGN_KEYS'));
  return isGuarded ? undefined : statements[drop];
}

/** Whether the statement must run outside of a transaction. */
export function refusesTransaction(statement: SqliteStatement): boolean {
  const [first] = wordsOf(statement);
  return first === 'VACUUM' || isChangeOf(statement, 'JOURNAL_MODE');
}

/** Whether the statement may leave something in the session that its transaction does not take back. */
export function touchesSession(statement: SqliteStatement): boolean {
  const [first = ''] = wordsOf(statement);
  return ['PRAGMA', 'ATTACH', 'DETACH'].includes(first) || createsTemporary(statement.head);
}

type Found = { code: ProblemCode; message: string; help: string };

function findProblem(statement: SqliteStatement, mode: Step['mode']): Found | undefined {
  const [first = ''] = wordsOf(statement);
  const isPartial = first === 'ROLLBACK' && statement.head.some(({ value }) => value === 'TO');
  if (['BEGIN', 'COMMIT', 'END', 'ROLLBACK'].includes(first) && !isPartial) return transactionControl(first);
  if (mode !== 'transaction') {
    if (createsTemporary(statement.head)) return temporary;
    const called = findOwnCounter(statement);
    return called === undefined ? undefined : journalCounts(called);
  }
  if (isChangeOf(statement, 'FOREIGN_KEYS')) return foreignKeys;
  if (!refusesTransaction(statement)) return undefined;
  return needsNoTransaction(first === 'VACUUM' ? first : 'PRAGMA journal_mode');
}

/** What the journal's entries between the statements change. Triggers and views call a function later. */
const ownCounters: ReadonlySet<string> = new Set(['last_insert_rowid', 'changes']);

function findOwnCounter(statement: SqliteStatement): string | undefined {
  const [first = '', ...others] = wordsOf(statement).filter((word) => !['TEMP', 'TEMPORARY'].includes(word));
  if (first === 'CREATE' && ['TRIGGER', 'VIEW'].includes(others[0] ?? '')) return undefined;
  const tokens = [...readTokens(statement.text)];
  const call = tokens.find(
    ({ kind, value }, index) =>
      kind !== 'literal' && ownCounters.has(asciiLower(value)) && tokens[index + 1]?.value === '(',
  );
  return call && asciiLower(call.value);
}

function wordsOf({ head }: SqliteStatement): string[] {
  return head.map(({ kind, value }) => (kind === 'name' ? value.toUpperCase() : value));
}

/** `PRAGMA name = …` or `PRAGMA name(…)`, with or without a schema; without a value it only reads. */
function isChangeOf(statement: SqliteStatement, name: string): boolean {
  const words = wordsOf(statement);
  if (words[0] !== 'PRAGMA') return false;
  const at = words[2] === '.' ? 3 : 1;
  return words[at] === name && ['=', '('].includes(words[at + 1] ?? '');
}

function transactionControl(word: string): Found {
  return {
    code: 'transaction-control',
    message: `${word} is not allowed: Kat runs the migration and its record in one transaction`,
    help: `Delete ${word}. If the migration must run without a transaction, set \`no_transaction: true\` in its metadata.yaml.`,
  };
}

const foreignKeys: Found = {
  code: 'transaction-control',
  message: 'PRAGMA foreign_keys does nothing inside a transaction, so it protects no rows',
  help: 'Delete it. Kat switches foreign keys off before the transaction where a migration drops or renames a table that others reference, and checks all rows before COMMIT.',
};

const rebuild: Found = {
  code: 'transaction-control',
  message:
    'a table must be rebuilt in a transaction: DROP TABLE deletes the rows of tables that reference it',
  help: 'Move the rebuild to a migration of its own without `no_transaction: true`: there Kat keeps rows and triggers.',
};

const temporary: Found = {
  code: 'transaction-control',
  message:
    'a temporary object is not allowed with `no_transaction: true`: it is lost when the migration is interrupted',
  help: 'Create an ordinary table and drop it at the end, or move these statements to a migration without `no_transaction: true`.',
};

function journalCounts(name: string): Found {
  return {
    code: 'transaction-control',
    message: `${name}() is not allowed with \`no_transaction: true\`: Kat records each statement in its log, which changes what the function returns`,
    help: 'Move these statements to a migration without `no_transaction: true`, or read the value from the table itself.',
  };
}

function needsNoTransaction(what: string): Found {
  return {
    code: 'needs-no-transaction',
    message: `${what} cannot run inside a transaction`,
    help: 'Write `no_transaction: true` into metadata.yaml. Move other statements into a migration of their own.',
  };
}
