/**
 * Splits a text into statements by the rule of SQLite's own shell: a semicolon ends one, but in CREATE TRIGGER only `; END ;` does
 * (https://www.sqlite.org/c3ref/complete.html).
 */

import { readTokens, type SqliteToken } from './tokens.js';

export interface SqliteStatement {
  /** From its first token to its last one, without the semicolon. */
  text: string;
  /** Where it begins in the whole text. */
  start: number;
  /** Its first tokens: enough to tell what it does to which table. */
  head: readonly SqliteToken[];
}

const headLength = 12;

/** The statements of a text, in order; comments and empty statements are left out. */
export function splitSqliteStatements(text: string): SqliteStatement[] {
  const statements: SqliteStatement[] = [];
  let open = newStatement();
  for (const token of readTokens(text)) {
    if (token.value === ';' && token.kind === 'symbol' && isComplete(open)) {
      statements.push(...finish(text, open));
      open = newStatement();
    } else {
      take(open, token);
    }
  }
  return [...statements, ...finish(text, open)];
}

/** The statements of a migration, without one BEGIN at its beginning that has one COMMIT at its end: Kat opens the transaction itself. */
export function splitSqliteMigration(text: string): SqliteStatement[] {
  const statements = splitSqliteStatements(text);
  const [first, last] = [statements[0], statements.at(-1)].map((statement) =>
    statement?.text.replace(/\s+/g, ' '),
  );
  return opening.test(first ?? '') && closing.test(last ?? '') ? statements.slice(1, -1) : statements;
}

const opening = /^BEGIN(?: DEFERRED| IMMEDIATE| EXCLUSIVE)?(?: TRANSACTION)?$/i;
const closing = /^(?:COMMIT|END)(?: TRANSACTION)?$/i;

interface OpenStatement {
  head: SqliteToken[];
  /** The last two tokens. */
  last: readonly [string, string];
  end: number;
}

function newStatement(): OpenStatement {
  return { head: [], last: ['', ''], end: 0 };
}

function take(open: OpenStatement, token: SqliteToken): void {
  const { kind, value, end } = token;
  if (open.head.length < headLength) open.head.push(token);
  open.last = [open.last[1], kind === 'word' || kind === 'symbol' ? value : ''];
  open.end = end;
}

function isComplete({ head, last }: OpenStatement): boolean {
  return !isTrigger(head) || (last[0] === ';' && last[1] === 'END');
}

function isTrigger(head: readonly SqliteToken[]): boolean {
  const words = head.filter(({ kind }) => kind === 'word').map(({ value }) => value);
  return /^(?:EXPLAIN (?:QUERY PLAN )?)?CREATE (?:TEMP |TEMPORARY )?TRIGGER\b/.test(words.join(' '));
}

function finish(text: string, { head, end }: OpenStatement): SqliteStatement[] {
  const [first] = head;
  return first ? [{ text: text.slice(first.start, end), start: first.start, head }] : [];
}
