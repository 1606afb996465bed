/** Reads the state of all migrations at one moment: records, running sessions, and remains of interrupted runs. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Direction } from '../../graph/migration.js';
import { findSqlFile } from '../../project/folder/load.js';
import type { Statement } from '../../sql/syntax/parse.js';
import type { ServerSession } from '../events.js';
import { refuseFormerTable } from '../ledger/former-table.js';
import { readJournal } from '../ledger/journal.js';
import { type Ledger, logTableOf } from '../ledger/ledger.js';
import { refuseLostRows } from '../ledger/lost-rows.js';
import { type HalfDone, type LedgerSnapshot, readRecorded } from '../ledger/migration-status.js';
import { findLeftOvers } from './found-indexes.js';
import { findLockHolders } from './lock.js';
import { isStandby } from './server-state.js';

/**
 * The runners are asked for before and after the rest, in one go: one that begins or ends in between is not missed.
 * @throws KatError LEDGER_MISMATCH for a history under another name, or one whose rows are lost.
 * @param folder whose half-done migrations are looked at more closely.
 */
export async function readLedgerSnapshot(
  session: Session,
  ledger: Ledger,
  folder: Graph,
): Promise<LedgerSnapshot> {
  await refuseFormerTable(session, ledger, folder);
  const [before, recorded, after] = await Promise.all([
    findLockHolders(session, ledger),
    readRecorded(session, ledger),
    findLockHolders(session, ledger),
  ]);
  await refuseLostRows(session, ledger, { folder, applied: recorded.applied.keys() });
  const runners = joinRunners(before, after);
  const invalidIndexes = new Map<string, readonly string[]>();
  const hidesRunners = recorded.halfDone.size > 0 && (await isStandby(session));
  for (const [id, halfDone] of recorded.halfDone) {
    if (hidesRunners || runners.some(({ work }) => work?.migration === id)) continue;
    invalidIndexes.set(id, await findInvalidIndexes({ session, ledger, folder }, id, halfDone));
  }
  return { ...recorded, runners, hidesRunners, invalidIndexes, literals: session.literals };
}

/** Each session as it was seen last, and one more time where it was at work on another migration before. */
function joinRunners(before: readonly ServerSession[], after: readonly ServerSession[]): ServerSession[] {
  const keyOf = ({ processId, work }: ServerSession) => `${processId} ${work?.migration}`;
  const seen = new Set(after.map(keyOf));
  return [...before.filter((session) => !seen.has(keyOf(session))), ...after];
}

interface InspectedLedger {
  session: Session;
  ledger: Ledger;
  folder: Graph;
}

async function findInvalidIndexes(
  { session, ledger, folder }: InspectedLedger,
  id: string,
  { direction, finished }: HalfDone,
): Promise<string[]> {
  if (session.sqlite) return [];
  const statements = folder.has(id) ? await parseFile(folder.get(id).files[direction], session.literals) : [];
  const [{ findConcurrentWork }, { stoppedIndex }] = await Promise.all([
    import('../../sql/transactions/concurrent-work.js'),
    import('../../sql/transactions/statement-modes.js'),
  ]);
  const statement = statements[stoppedIndex(statements, finished)];
  const work = statement && findConcurrentWork(statement.node);
  if (!work) return [];
  const logTable = logTableOf(ledger);
  const begun = await readBegun(session, logTable, { id, direction }, statements);
  if (begun === undefined) return [];
  const tried = { logTable, migration: id, direction, firstEntry: begun };
  return findLeftOvers(session, { statement, work, tried });
}

/** Undefined also where what has run was edited since: then nothing here tells which statement it stopped in. */
async function readBegun(
  session: Session,
  logTable: string,
  migration: { id: string; direction: Direction },
  statements: readonly Statement[],
): Promise<string | undefined> {
  try {
    return (await readJournal(session, logTable, { ...migration, file: '' }, statements)).begun;
  } catch (error) {
    if (error instanceof KatError && error.code === 'MIGRATION_HALF_DONE') return undefined;
    throw error;
  }
}

/** Empty for a missing file, a file that is too long, or text that does not parse. */
async function parseFile(file: string, literals: Session['literals']) {
  const { loadParser, maxParsedBytes, tryParse } = await import('../../sql/syntax/parse.js');
  try {
    const text = findSqlFile(file) ?? '';
    return Buffer.byteLength(text) > maxParsedBytes ? [] : (tryParse(await loadParser(literals), text) ?? []);
  } catch (error) {
    if (error instanceof KatError) return [];
    throw error;
  }
}
