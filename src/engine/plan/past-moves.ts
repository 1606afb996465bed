/** Reads what migrations did with rows since the rolled-back ones were applied, whatever became of them: the log knows when each ran. */

import type { Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import { type Direction, isProgram, type Migration } from '../../graph/migration.js';
import { checksum } from '../../project/folder/load.js';
import { quoteTextArray } from '../../quote.js';
import type { PastMove } from '../../sql/effects/moved-since.js';
import type { RowMoves } from '../../sql/effects/row-moves.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { isEdited } from '../ledger/edited.js';
import { type Ledger, logTableOf, tableOf } from '../ledger/ledger.js';
import { isSettled } from '../ledger/log.js';
import { type RememberedFacts, readRememberedFacts } from '../ledger/logged-migrations.js';
import { readQuietly } from './known-moves.js';

interface Position {
  session: Session;
  ledger: Ledger;
}

/** One migration that ran in one direction, with the checksums of all files that it ran with. */
interface PastRun {
  id: string;
  direction: Direction;
  checksums: readonly string[];
}

/**
 * In the order of their first run since the first of `ids` was applied for the last time.
 * @param readMoves reads a text
 * @returns runs without `moves` where nobody knows what they did: of programs, of missing and edited files
 */
export async function readPastMoves(
  position: Position,
  { graph, ids, readMoves }: { graph: Graph; ids: readonly string[]; readMoves(text: string): RowMoves },
): Promise<PastMove[]> {
  const logged = await readLogged(position, ids);
  const known = new Set(logged.map(({ id }) => id));
  const others = (await readRecorded(position, ids)).filter(({ id }) => !known.has(id));
  const facts = await readRememberedFacts(position.session, position.ledger, [...known]);
  return [...logged, ...others].map((run) => {
    const { id, direction } = run;
    const text = graph.has(id) ? textOf(graph.get(id), run, facts.get(id)) : undefined;
    return {
      direction,
      isRolledBack: ids.includes(id),
      ...(text === undefined ? {} : { moves: readMoves(text) }),
    };
  });
}

async function readLogged({ session, ledger }: Position, ids: readonly string[]): Promise<PastRun[]> {
  if (!ledger.hasLog) return [];
  const log = logTableOf(ledger);
  const [result] = await executeInCatalog(
    session,
    `SELECT migration, direction, json_agg(DISTINCT checksum) FILTER (WHERE checksum IS NOT NULL) AS checksums
     FROM ${log} WHERE outcome IN ('started', 'statement finished', 'succeeded') AND id >= (
       SELECT min(last) FROM (SELECT max(id) AS last FROM ${log}
         WHERE migration = ANY (${quoteTextArray(ids)}) AND direction = 'up' AND ${isSettled} GROUP BY migration) AS ups)
     GROUP BY migration, direction ORDER BY min(id)`,
  );
  return (result?.rows ?? []).map(({ migration, direction, checksums }) => ({
    id: migration ?? '',
    direction: direction as Direction,
    checksums: JSON.parse(checksums ?? '[]') as string[],
  }));
}

/** Programs without a log, such as Go's Kat, write the tracking table alone. */
async function readRecorded({ session, ledger }: Position, ids: readonly string[]): Promise<PastRun[]> {
  const table = tableOf(ledger);
  const [result] = await executeInCatalog(
    session,
    `SELECT name FROM ${table} WHERE migration_time >= (
       SELECT min(migration_time) FROM ${table} WHERE name = ANY (${quoteTextArray(ids)})) ORDER BY id`,
  );
  return (result?.rows ?? []).map(({ name }) => ({ id: name ?? '', direction: 'up', checksums: [] }));
}

/** The file, if it is the only one that ran, but for comments. */
function textOf(
  migration: Migration,
  { direction, checksums }: PastRun,
  facts: RememberedFacts | undefined,
): string | undefined {
  const file = migration.files[direction];
  if (migration.isMissing || isProgram(file) || checksums.length > 1) return undefined;
  const text = readQuietly(file);
  if (text === undefined || checksums.every((known) => checksum(text) === known)) return text;
  return direction === 'up' && facts && !isEdited(migration, facts) ? text : undefined;
}
