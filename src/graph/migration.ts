/** A migration as the graph knows it: who it is and whom it follows. Its SQL stays on the disk until it is needed. */

export type Direction = 'up' | 'down';

/** The absolute paths of a migration's three files; `up` and `down` are SQL or programs. */
export interface MigrationFiles {
  up: string;
  down: string;
  metadata: string;
}

/** The extensions of programs beside `.sql`. */
export const programExtensions: readonly string[] = ['ts', 'js', 'mjs'];

/** Whether a file of a migration is a program in TypeScript or JavaScript, and not SQL. */
export function isProgram(file: string): boolean {
  return /\.(?:ts|m?js)$/.test(file);
}

/** How long a migration may wait, in milliseconds; 0 means without end. */
export interface MigrationWaits {
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  retryForMs: number;
  /** How long others may wait for it before it is cancelled. */
  maxBlockMs: number;
}

export interface Migration {
  /** `<timestamp>_<name>`: the folder's name, and what the tracking table stores. */
  id: string;
  /** Decimal digits without leading zeros. Text, because ids past 2^53 must not be rounded. */
  timestamp: string;
  /** The part of the id behind the timestamp. */
  name: string;
  description?: string;
  /** Ids of the migrations that must be applied before this one, sorted as `compareMigrations` sorts. */
  parents: readonly string[];
  /** Runs statement by statement, each in its own transaction. */
  noTransaction: boolean;
  /** Ids of the migrations that this one replaces; none of them has a folder any more. */
  replaces?: readonly string[];
  /** The time limits in its metadata; they override those of the run. */
  waits?: Partial<MigrationWaits>;
  /** Removes rows or values on purpose, as its metadata states. */
  isDataLossExpected?: true;
  /** Of a program: the tables, such as `users` or `app.users`, of which alone it reads and changes rows. */
  touches?: readonly string[];
  /** Applied, but without a folder: what is known of it comes from the log, and none of its files exists. */
  isMissing?: true;
  files: MigrationFiles;
}

/** A migration whose parents are still written as its author wrote them: timestamps, ids or names. */
export interface RawMigration extends Omit<Migration, 'parents'> {
  parents: readonly ParentReference[];
}

/** One entry of `parents` in `metadata.yaml`. */
export interface ParentReference {
  /** As written: a timestamp, an id, or an unambiguous name. */
  text: string;
  /** Its place in the file, for error messages. */
  line: number;
  column: number;
  /** The whole line, if a file has the reference. */
  sourceLine?: string;
}

export interface MigrationId {
  id: string;
  timestamp: string;
  name: string;
}

const idPattern = /^(\d+)_(.+)$/;

/**
 * Takes `1679012345_create_users` apart.
 * @returns undefined when `text` has no timestamp, underscore and name.
 */
export function parseMigrationId(text: string): MigrationId | undefined {
  const match = idPattern.exec(text);
  if (!match) return undefined;
  return { id: text, timestamp: canonicalTimestamp(match[1] as string), name: match[2] as string };
}

/** Decimal digits without leading zeros, so that equal numbers are equal texts. */
export function canonicalTimestamp(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** Orders canonical timestamps as numbers, whatever their size. */
function compareTimestamps(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

/** Orders by timestamp, then id: the order in which Kat breaks every tie. */
export function compareMigrations(
  a: { timestamp: string; id: string },
  b: { timestamp: string; id: string },
): number {
  return compareTimestamps(a.timestamp, b.timestamp) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
