/** What differs between databases, as data: the contract of sessions is the same for all of them. */

import type { Notice, Session } from '../../../src/connections/driver.js';
import type { ServerReport } from '../../../src/errors.js';

type Report = Partial<ServerReport>;

export interface Dialect {
  /** What the version looks like, and the number that stands for it. */
  version: RegExp;
  versionNumber(version: string): number;
  /** The tags of these commands, with the number of rows where the database tells it. */
  tags: Record<'create' | 'drop' | 'begin' | 'commit' | 'rollback', string>;
  insertTag(rows: number): string;
  selectTag(rows: number): string;
  /** A query of the numbers from 1 to `count`, as column x. */
  numbers(count: number): string;
  /** Whether a table of this name is there: a query that answers 1 or 0. */
  hasTable(name: string): string;
  /** Expressions with the text that stands for their values. */
  values: readonly (readonly [sql: string, text: string | null])[];
  /** The code of each failure that all databases have. */
  codes: Record<
    | 'unknownColumn'
    | 'unknownTable'
    | 'existingTable'
    | 'syntax'
    | 'openText'
    | 'check'
    | 'unique'
    | 'locked',
    string
  >;
  /** What is said of a row that a CHECK constraint `positive` of the table `t` refuses. */
  checkReport: Report;
  /** Statements that fail in the words of their author, and what is said then. */
  raised: { setUp: string; sql: string; report: Report; where?: string };
  /** Whether a message with a syntax error runs nothing, because the whole of it is read first. */
  readsWholeMessage: boolean;
  /** Whether the statements of a message are one transaction where none is open. */
  isMessageTransaction: boolean;
  /** The code of whatever follows a failure within a transaction; undefined where the transaction goes on. */
  failedTransaction: string | undefined;
  /** An unquoted name as the database calls it. */
  foldName(name: string): string;
  /** SQL that reads and sets a setting of the session, which is 1 unless somebody changes it. */
  setting: { read: string; change: string };
  /** Lets a session wait this long for the lock of another one. */
  limitWait(session: Session, ms: number): Promise<unknown>;
  /** SQL that causes notices, and these; undefined where a database has none. */
  notices: { sql: string; expected: readonly Notice[]; one(text: string): string } | undefined;
  /** COPY from and to the client; undefined where there is none. */
  copy: { from: string; to: string; toTag: string; refused: string } | undefined;
}
