/** Runs texts statement by statement on a database that forgets them afterwards, and writes down what the catalogs show. */

import type { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { type Parser, parseStatements } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { type Dependents, prepareDependents, readDependents } from './catalog/dependents.js';
import {
  type Change,
  compareSnapshots,
  prepareSnapshots,
  readSnapshot,
  type Snapshot,
} from './catalog/snapshot.js';
import { compareEffects } from './compare-effects.js';

/** The moments around one statement. */
export interface Observed {
  before: Snapshot;
  after: Snapshot;
  changes: readonly Change[];
  /** What needed what before the statement. */
  dependents: Dependents;
}

/** What running a text showed. */
export interface Outcome {
  /** All that PostgreSQL did not refuse. */
  sql: string;
  /** Why it refused some of it, in its words. */
  errors: readonly string[];
  statements: readonly Observed[];
  /** What all statements together changed. */
  changes: readonly Change[];
}

/** A database in which everything begins as the given text makes it. */
export interface Oracle {
  /** Runs texts one after the other. One that is refused leaves nothing behind, and of all together nothing stays. */
  run(texts: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

/** Opens one, on a database of its own in memory. */
export async function openOracle(parser: Parser, beginning: string): Promise<Oracle> {
  const db = await emptyPglite({ extensions: { pg_trgm } });
  await db.exec(beginning);
  await prepareSnapshots(db);
  await prepareDependents(db);
  const start = await look(db);
  const run = async (texts: readonly string[]) => {
    await db.exec('begin');
    try {
      return await runAll({ db, parser, start }, texts);
    } finally {
      await db.exec('rollback');
    }
  };
  return { run, close: () => db.close() };
}

function splitText(parser: Parser, sql: string): string[] {
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(problem.message);
  return statements.map(({ text }) => text);
}

interface Database {
  db: PGlite;
  parser: Parser;
  start: Snapshot;
}

async function runAll({ db, parser, start }: Database, texts: readonly string[]): Promise<Outcome> {
  const accepted: string[] = [];
  const errors: string[] = [];
  const statements: Observed[] = [];
  let last = start;
  for (const text of texts) {
    await db.exec('savepoint before_it');
    try {
      const seen = await runParts(db, last, splitText(parser, text));
      statements.push(...seen.statements);
      last = seen.last;
      accepted.push(text);
    } catch (error) {
      errors.push((error as Error).message);
      await db.exec('rollback to before_it');
    }
  }
  const changes = compareSnapshots(start, last);
  return { sql: accepted.join(';\n'), errors, statements, changes };
}

const nobody: Dependents = { users: new Map(), wholes: new Map() };

/** Only what is dropped takes others along; blocks and functions may drop, too. */
function mayDrop(sql: string): boolean {
  return /\bdrop\b|^\s*(do|call|select|execute)\b/i.test(sql);
}

async function runParts(
  db: PGlite,
  start: Snapshot,
  parts: readonly string[],
): Promise<{ statements: Observed[]; last: Snapshot }> {
  const statements: Observed[] = [];
  let last = start;
  for (const part of parts) {
    const dependents = mayDrop(part) ? await readDependents(db) : nobody;
    await db.exec(part);
    const after = await look(db);
    statements.push({ before: last, after, changes: compareSnapshots(last, after), dependents });
    last = after;
  }
  return { statements, last };
}

async function look(db: PGlite): Promise<Snapshot> {
  const { rows } = await db.query<{ path: string }>(`select current_setting('search_path') as path`);
  await db.exec(`set search_path = ''`);
  const snapshot = await readSnapshot(db);
  await db.query('select set_config($1, $2, false)', ['search_path', rows[0]?.path]);
  return snapshot;
}

/** Where the effects that Kat reads in a text and the catalogs disagree, in words. */
export function findDisagreements(parser: Parser, { sql, statements }: Outcome): string[] {
  const { effects, opaque } = readEffects(parser, sql);
  // Only the database knows what a role owns.
  const unknown = new Set(
    opaque.flatMap(({ reason, statement }) => (reason === 'everything that a role owns' ? [statement] : [])),
  );
  return statements.flatMap((observed, index) => {
    if (unknown.has(index)) return [];
    return compareEffects(
      observed,
      effects.filter(({ statement, when }) => statement === index && when !== 'later'),
    );
  });
}
