/**
 * Proof that what was written is there. A trigger, a rule or row-level security can keep a row away or change it while the
 * server answers as if all were well, so each write is followed by a statement that looks, in the same transaction.
 */

import { SqlError } from '../../errors.js';
import { quoteLiteral } from './quote.js';

/** A statement that writes, and what must hold behind it. */
export interface ProvenWrite {
  sql: string;
  /** A condition, as SQL. */
  proof: string;
  /** What is said when it does not hold. */
  words: string;
}

/** Both statements: the second fails, and takes the transaction with it, unless the proof holds. */
export function proven({ sql, proof, words }: ProvenWrite): string {
  return `${sql};\n${assertion(proof, words)}`;
}

const mark = 'kat: ';

/** A statement that fails with 22P02 and these words unless the condition holds; `concat` is not folded before the branch is chosen. */
export function assertion(condition: string, words: string): string {
  return `SELECT CASE WHEN ${condition} THEN 0
ELSE pg_catalog.concat(${quoteLiteral(mark + words)})::pg_catalog.int4 END`;
}

/** The words of the proof that failed; undefined for any other error. */
export function readUnproven(error: unknown): string | undefined {
  if (!(error instanceof SqlError) || error.report.sqlstate !== '22P02') return undefined;
  // The server puts the text between quotes, in whatever language the rest is.
  return /"kat: (.*)"/s.exec(error.report.message)?.[1];
}

/** What to do when a proof has failed. */
export const unprovenHelp =
  'Look for triggers, rules and row-level security on the tracking table and its log (`\\d` in psql), and remove what keeps or changes rows';
