/** Runs texts in one order on a database that forgets them, and tells where they end. */

import type { PGlite } from '@electric-sql/pglite';
import { restartSequences } from '../random/beginning.js';
import { readState } from './state-by-name.js';

/** Where one order ends: with what there is, or with an error. */
export type End = { state: string; error?: undefined } | { state?: undefined; error: string };

/** Each text starts as a migration does: with the search path of the session. */
export async function runTexts(db: PGlite, texts: readonly string[]): Promise<End> {
  await db.exec(`begin; set client_min_messages = error; ${restartSequences}`);
  try {
    for (const text of texts) await db.exec(`reset search_path; ${text}; set constraints all immediate`);
    await db.exec('reset search_path');
    return { state: await readState(db) };
  } catch (error) {
    return { error: (error as Error).message };
  } finally {
    await db.exec('rollback');
  }
}
