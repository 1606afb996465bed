/** Looks at what an interrupted concurrent statement left behind, and clears it away so that it can run again. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../drivers/driver.js';
import { KatError } from '../errors.js';
import type { ConcurrentWork, ObjectName } from '../sql/concurrent-work.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';
import { formatTableName } from './table-name.js';

/** Whether there is still something to do. */
export type LeftOver = 'nothing left to do' | 'run it';

const pollMs = 500;

/**
 * Call it before every try. A valid index of that name counts as the work of an interrupted try only.
 * @param wasBegun whether an earlier try of this very statement is in the log.
 */
export async function clearLeftOver(
  session: Session,
  work: ConcurrentWork,
  wasBegun: boolean,
): Promise<LeftOver> {
  switch (work.kind) {
    case 'create-index':
      return clearIndex(session, work, wasBegun);
    case 'drop-index':
      return wasBegun && !(await someExist(session, work.indexes)) ? 'nothing left to do' : 'run it';
    case 'reindex':
      await dropCopies(session, work);
      return 'run it';
    case 'detach-partition':
      return finishDetach(session, work, wasBegun);
  }
}

/**
 * An index that a concurrent statement made may be invalid although the statement did not fail: `IF NOT EXISTS` keeps
 * a broken one with nothing but a notice.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function checkIndexIsValid(session: Session, work: ConcurrentWork): Promise<void> {
  if (work.kind !== 'create-index' || work.index === undefined) return;
  const index = await findIndex(session, work.table, work.index);
  if (!index || index.isValid) return;
  throw new KatError('MIGRATION_HALF_DONE', `the index ${index.name} is invalid after it was built`, {
    help: `Drop it with \`DROP INDEX CONCURRENTLY ${index.name}\` and run the command again.`,
  });
}

type CreateIndex = Extract<ConcurrentWork, { kind: 'create-index' }>;

async function clearIndex(session: Session, work: CreateIndex, wasBegun: boolean): Promise<LeftOver> {
  if (work.index === undefined) return 'run it';
  for (;;) {
    const index = await findIndex(session, work.table, work.index);
    if (!index) return 'run it';
    if (index.isValid) return wasBegun ? 'nothing left to do' : 'run it';
    if (!index.isBeingBuilt) {
      await session.execute(`DROP INDEX CONCURRENTLY IF EXISTS ${index.name}`);
      return 'run it';
    }
    await sleep(pollMs);
  }
}

interface FoundIndex {
  /** As SQL, with its schema. */
  name: string;
  isValid: boolean;
  /** Somebody is at work on its table with an index build. */
  isBeingBuilt: boolean;
}

async function findIndex(
  session: Session,
  table: ObjectName,
  index: string,
): Promise<FoundIndex | undefined> {
  const [result] = await session.execute(`
    SELECT n.nspname AS schema, i.indisvalid AS is_valid,
           EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                   WHERE p.relid = i.indrelid AND p.pid <> pg_catalog.pg_backend_pid()) AS is_being_built
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = ${quoteLiteral(index)} AND i.indrelid = ${regclass(table)}`);
  const row = result?.rows[0];
  return (
    row && {
      name: formatTableName({ schema: row.schema ?? undefined, table: index }),
      isValid: row.is_valid === 't',
      isBeingBuilt: row.is_being_built === 't',
    }
  );
}

async function someExist(session: Session, names: readonly ObjectName[]): Promise<boolean> {
  const found = names.map((name) => `${regclass(name)} IS NOT NULL`).join(' OR ');
  const [result] = await session.execute(`SELECT ${found} AS is_there`);
  return result?.rows[0]?.is_there === 't';
}

type Reindex = Extract<ConcurrentWork, { kind: 'reindex' }>;

/** An interrupted REINDEX CONCURRENTLY leaves invalid copies that end in `_ccnew` or `_ccold`, which nobody uses. */
async function dropCopies(session: Session, { relation, isIndex }: Reindex): Promise<void> {
  if (!relation) return;
  const table = isIndex
    ? `(SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = ${regclass(relation)})`
    : regclass(relation);
  const [result] = await session.execute(`
    SELECT n.nspname AS schema, c.relname AS name
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indrelid = ${table} AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.relid = i.indrelid)`);
  for (const { schema, name } of result?.rows ?? []) {
    const copy = formatTableName({ schema: schema ?? undefined, table: name ?? '' });
    await session.execute(`DROP INDEX CONCURRENTLY IF EXISTS ${copy}`);
  }
}

type Detach = Extract<ConcurrentWork, { kind: 'detach-partition' }>;

async function finishDetach(
  session: Session,
  { parent, partition }: Detach,
  wasBegun: boolean,
): Promise<LeftOver> {
  const [result] = await session.execute(
    // The column came with PostgreSQL 14, as DETACH CONCURRENTLY did.
    `SELECT inhdetachpending AS is_pending FROM pg_catalog.pg_inherits
     WHERE inhrelid = ${regclass(partition)} AND inhparent = ${regclass(parent)}`,
  );
  const row = result?.rows[0];
  if (!row) return wasBegun ? 'nothing left to do' : 'run it';
  if (row.is_pending !== 't') return 'run it';
  await session.execute(`ALTER TABLE ${sqlName(parent)} DETACH PARTITION ${sqlName(partition)} FINALIZE`);
  return 'nothing left to do';
}

function regclass(name: ObjectName): string {
  return `pg_catalog.to_regclass(${quoteLiteral(sqlName(name))})`;
}

function sqlName({ schema, name }: ObjectName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
