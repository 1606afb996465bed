/** Looks at what an interrupted concurrent statement left behind, and clears it away so that it can run again. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { ConcurrentWork, ObjectName } from '../../sql/transactions/concurrent-work.js';
import type { ServerSession } from '../events.js';
import { quoteIdentifier, quoteLiteral } from '../ledger/quote.js';
import { formatTableName } from '../ledger/table-name.js';
import { findSessions } from '../session/server-sessions.js';

const pollMs = 500;

/** Whether the database is as the statement would leave it. What cannot be told counts as not done. */
export async function isDone(session: Session, work: ConcurrentWork): Promise<boolean> {
  switch (work.kind) {
    case 'create-index':
      return (await findIndexes(session, work)).some(({ isValid }) => isValid);
    case 'drop-index':
      return !(await someExist(session, work.indexes));
    case 'reindex':
      return false;
    case 'detach-partition':
      return (await readAttachment(session, work)) === 'none';
  }
}

/**
 * Call it before every try of a statement that is not done. A broken index is dropped, and one that somebody is at
 * work on waited for; a partition that is half detached is detached.
 * @param waitFor is told, every half second, who is at work; it throws to end the waiting.
 * @returns whether the statement need not run any more.
 */
export async function clearLeftOver(
  session: Session,
  work: ConcurrentWork,
  waitFor: (builders: readonly ServerSession[]) => void,
): Promise<boolean> {
  if (work.kind === 'create-index') await dropBroken(session, () => findIndexes(session, work), waitFor);
  if (work.kind === 'reindex') await dropBroken(session, () => findCopies(session, work), waitFor);
  return work.kind === 'detach-partition' && finishDetach(session, work);
}

/**
 * An index that a concurrent statement made may be invalid although the statement did not fail: `IF NOT EXISTS` keeps
 * a broken one with nothing but a notice.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function checkIndexIsValid(session: Session, work: ConcurrentWork): Promise<void> {
  const broken = work.kind === 'create-index' ? (await findIndexes(session, work)).find(isBroken) : undefined;
  if (!broken) return;
  throw new KatError('MIGRATION_HALF_DONE', `the index ${broken.name} is invalid after it was built`, {
    help: `Drop it with \`DROP INDEX CONCURRENTLY ${broken.name}\` and run the command again.`,
  });
}

interface FoundIndex {
  /** As SQL, with its schema. */
  name: string;
  isValid: boolean;
  /** Process ids of who holds the lock that builds and drops of indexes of this table hold all the way. */
  builders: readonly string[];
}

function isBroken({ isValid }: FoundIndex): boolean {
  return !isValid;
}

async function dropBroken(
  session: Session,
  find: () => Promise<FoundIndex[]>,
  waitFor: (builders: readonly ServerSession[]) => void,
): Promise<void> {
  for (;;) {
    const [broken] = (await find()).filter(isBroken);
    if (!broken) return;
    if (broken.builders.length === 0) {
      await session.execute(`DROP INDEX CONCURRENTLY IF EXISTS ${broken.name}`);
    } else {
      waitFor(await findSessions(session, broken.builders.join(', ')));
      await sleep(pollMs);
    }
  }
}

/**
 * Indexes by a condition on `pg_class c` and `pg_index i`. That somebody builds one shows in the locks: the progress
 * view hides the tables of other roles' builds.
 */
async function selectIndexes(session: Session, condition: string): Promise<FoundIndex[]> {
  const [result] = await session.execute(`
    SELECT n.nspname AS schema, c.relname AS name, i.indisvalid AS is_valid,
           (SELECT pg_catalog.string_agg(k.pid::pg_catalog.text, ',') FROM pg_catalog.pg_locks k
            WHERE k.locktype = 'relation' AND k.relation = i.indrelid AND k.granted
              AND k.mode = 'ShareUpdateExclusiveLock' AND k.pid <> pg_catalog.pg_backend_pid()
              AND k.database = (SELECT oid FROM pg_catalog.pg_database
                                WHERE datname = pg_catalog.current_database())) AS builders
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'i' AND ${condition}`);
  return (result?.rows ?? []).map(({ schema, name, is_valid, builders }) => ({
    name: formatTableName({ schema: schema ?? undefined, table: name ?? '' }),
    isValid: is_valid === 't',
    builders: builders?.split(',') ?? [],
  }));
}

type CreateIndex = Extract<ConcurrentWork, { kind: 'create-index' }>;

/** The index by its name; where the server chooses the name, broken ones with such a name. */
function findIndexes(session: Session, { table, index }: CreateIndex): Promise<FoundIndex[]> {
  const isIt =
    index === undefined
      ? String.raw`NOT i.indisvalid AND c.relname ~ '_idx\d*$'`
      : `c.relname = ${quoteLiteral(index)}`;
  return selectIndexes(session, `i.indrelid = ${regclass(table)} AND ${isIt}`);
}

async function someExist(session: Session, names: readonly ObjectName[]): Promise<boolean> {
  const found = names.map((name) => `${regclass(name)} IS NOT NULL`).join(' OR ');
  const [result] = await session.execute(`SELECT ${found} AS is_there`);
  return result?.rows[0]?.is_there === 't';
}

type Reindex = Extract<ConcurrentWork, { kind: 'reindex' }>;

/** An interrupted REINDEX CONCURRENTLY leaves invalid copies that end in `_ccnew` or `_ccold`, which nobody uses. */
async function findCopies(session: Session, { relation, isIndex }: Reindex): Promise<FoundIndex[]> {
  if (!relation) return [];
  const table = isIndex
    ? `(SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = ${regclass(relation)})`
    : regclass(relation);
  return selectIndexes(
    session,
    `i.indrelid = ${table} AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'`,
  );
}

type Detach = Extract<ConcurrentWork, { kind: 'detach-partition' }>;

async function readAttachment(
  session: Session,
  { parent, partition }: Detach,
): Promise<'attached' | 'pending' | 'none'> {
  const [result] = await session.execute(
    // The column came with PostgreSQL 14, as DETACH CONCURRENTLY did.
    `SELECT inhdetachpending AS is_pending FROM pg_catalog.pg_inherits
     WHERE inhrelid = ${regclass(partition)} AND inhparent = ${regclass(parent)}`,
  );
  const row = result?.rows[0];
  if (!row) return 'none';
  return row.is_pending === 't' ? 'pending' : 'attached';
}

async function finishDetach(session: Session, work: Detach): Promise<boolean> {
  if ((await readAttachment(session, work)) !== 'pending') return false;
  const { parent, partition } = work;
  await session.execute(`ALTER TABLE ${sqlName(parent)} DETACH PARTITION ${sqlName(partition)} FINALIZE`);
  return true;
}

function regclass(name: ObjectName): string {
  return `pg_catalog.to_regclass(${quoteLiteral(sqlName(name))})`;
}

function sqlName({ schema, name }: ObjectName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
