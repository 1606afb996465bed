/** Runs one statement on an embedded database, and sees which relations it locks, writes anew and reads. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { isAtLeastLock, type LockMode, lockModes } from '../../sql/impact/impact.js';
import type { RelationName } from '../../sql/syntax/relation-name.js';
import type { Observation, ObservedLock } from './result.js';

/**
 * All relations of users. `file` changes when rows are written anew. The scans of this transaction, and those that were
 * counted before, move from one counter to the other when statistics are written: their sum does not change by that.
 */
const snapshotQuery = `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  pg_catalog.pg_relation_filenode(c.oid) AS file,
  coalesce(pg_catalog.pg_stat_get_numscans(c.oid), 0) + coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0) AS scans
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind <> 'c'`;

const locksQuery = `SELECT relation AS oid, mode FROM pg_catalog.pg_locks
WHERE locktype = 'relation' AND granted AND pid = pg_catalog.pg_backend_pid()`;

/**
 * Commits the statement in a separate transaction; a statement that the server refuses in a transaction runs without one,
 * and then its locks are released before they can be read.
 * @throws SqlError when it fails, and leaves no transaction behind
 */
export async function observe(session: Session, sql: string): Promise<Observation> {
  try {
    return await observeInside(session, sql);
  } catch (error) {
    await session.execute('ROLLBACK');
    if (!(error instanceof SqlError) || !refusals.has(error.report.sqlstate)) throw error;
    return observeOutside(session, sql);
  }
}

/** Of statements that need to be outside of a transaction, and of blocks that commit by themselves. */
const refusals: ReadonlySet<string> = new Set(['25001', '2D000']);

async function observeInside(session: Session, sql: string): Promise<Observation> {
  const [, before] = await session.execute(`BEGIN; ${snapshotQuery}`);
  await session.execute(sql);
  const [after, locks] = await session.execute(`${snapshotQuery}; ${locksQuery}`);
  await session.execute('COMMIT');
  return { ...compareFiles(before, after), locks: strongestLocks(before, locks) };
}

async function observeOutside(session: Session, sql: string): Promise<Observation> {
  const [before] = await session.execute(snapshotQuery);
  await session.execute(sql);
  const [after] = await session.execute(snapshotQuery);
  return { ...compareFiles(before, after), locks: undefined };
}

interface SeenRelation extends RelationName {
  kind: string;
  file: string | null;
  scans: number;
}

function readSnapshot(result: StatementResult | undefined): Map<string, SeenRelation> {
  return new Map(
    (result?.rows ?? []).map(({ oid, schema, name, kind, file, scans }) => [
      oid ?? '',
      { schema: schema ?? '', name: name ?? '', kind: kind ?? '', file: file ?? null, scans: Number(scans) },
    ]),
  );
}

/** Tables and materialized views: files of indexes and sequences change without rows being written. */
const kindsWithRows = new Set(['r', 'm']);

function compareFiles(
  before: StatementResult | undefined,
  after: StatementResult | undefined,
): Pick<Observation, 'rewrites' | 'scans'> {
  const now = readSnapshot(after);
  const rewrites: RelationName[] = [];
  const scans: RelationName[] = [];
  for (const [oid, { schema, name, kind, file, scans: count }] of readSnapshot(before)) {
    const changed = now.get(oid);
    if (!changed || !kindsWithRows.has(kind)) continue;
    if (changed.file !== file) rewrites.push({ schema, name });
    else if (changed.scans > count) scans.push({ schema, name });
  }
  return { rewrites, scans };
}

const indexesAndSequences = new Set(['i', 'I', 'S']);

function strongestLocks(
  before: StatementResult | undefined,
  locks: StatementResult | undefined,
): ObservedLock[] {
  const known = readSnapshot(before);
  const strongest = new Map<string, LockMode>();
  for (const { oid, mode } of locks?.rows ?? []) {
    const own = modeOf(mode ?? '');
    const held = strongest.get(oid ?? '');
    if (own && !(held && isAtLeastLock(held, own))) strongest.set(oid ?? '', own);
  }
  return [...strongest].flatMap(([oid, mode]) => {
    const relation = known.get(oid);
    if (!relation) return [];
    const { schema, name, kind } = relation;
    return [{ relation: { schema, name }, mode, isTable: !indexesAndSequences.has(kind) }];
  });
}

/** From `ShareRowExclusiveLock`, as pg_locks has it, to the words of LOCK TABLE. */
function modeOf(name: string): LockMode | undefined {
  const words = name.replace(/Lock$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return lockModes.find((mode) => mode === words.toUpperCase());
}
