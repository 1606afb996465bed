/** Inspects the remains of an interrupted concurrent statement, and removes them so that it can run again. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { ConcurrentWork, ObjectName } from '../../sql/transactions/concurrent-work.js';
import type { ServerSession } from '../events.js';
import { eq } from '../ledger/operators.js';
import { isMadeByTry, type TriedStatement } from '../ledger/proof-of-try.js';
import {
  type ConcurrentStatement,
  type FoundIndex,
  findBroken,
  findIndexes,
  regclass,
  sqlName,
} from '../session/found-indexes.js';
import { findSessions } from '../session/server-sessions.js';

const pollMs = 500;

/** Whether the database is in the state after the statement. An unknown state counts as not done. */
export async function isDone(session: Session, statement: ConcurrentStatement): Promise<boolean> {
  const { work } = statement;
  switch (work.kind) {
    case 'create-index':
      return (await findIndexes(session, { ...statement, work })).some(
        ({ isValid, isSame }) => isValid && isSame,
      );
    case 'drop-index':
      return !(await someExist(session, work.indexes));
    case 'reindex':
      return false;
    case 'detach-partition':
      return (await readAttachment(session, work, statement.tried)) === 'none';
  }
}

/**
 * Call it before every try of a statement that is not done. What an earlier try left is taken away: a broken index is dropped, a
 * partition that is half detached is detached. What somebody else made stays.
 * @param waitFor receives every half second the session that builds the index; it throws to end the wait.
 * @returns whether the statement need not run any more.
 * @throws KatError MIGRATION_HALF_DONE when a broken index of somebody else's has the name.
 */
export async function clearLeftOver(
  session: Session,
  statement: ConcurrentStatement,
  waitFor: (builders: readonly ServerSession[]) => void,
): Promise<boolean> {
  const { work, tried } = statement;
  if (work.kind === 'create-index' || work.kind === 'reindex') {
    await dropBroken(session, () => findBroken(session, statement), waitFor);
  }
  return work.kind === 'detach-partition' && finishDetach(session, work, tried);
}

/**
 * An index that a concurrent statement made may be invalid although the statement did not fail: `IF NOT EXISTS` keeps
 * a broken one with nothing but a notice.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function checkIndexIsValid(session: Session, statement: ConcurrentStatement): Promise<void> {
  const [broken] = statement.work.kind === 'create-index' ? await findBroken(session, statement) : [];
  if (broken) throw brokenIndex(broken);
}

function brokenIndex({ name, isSame }: FoundIndex): KatError {
  const whose = isSame ? 'this migration did not create it' : 'its definition is different';
  return new KatError('MIGRATION_HALF_DONE', `the index ${name} exists and is INVALID, and ${whose}`, {
    help: `Find out whether it is in use. If not, drop it with \`DROP INDEX CONCURRENTLY ${name}\`.`,
  });
}

/** @throws KatError MIGRATION_HALF_DONE for an index of another origin, unless a session builds it and succeeds. */
async function dropBroken(
  session: Session,
  find: () => Promise<FoundIndex[]>,
  waitFor: (builders: readonly ServerSession[]) => void,
): Promise<void> {
  for (;;) {
    const [broken] = await find();
    if (!broken) return;
    if (broken.builders.length > 0) {
      waitFor(await findSessions(session, broken.builders.join(', ')));
      await sleep(pollMs);
    } else if (broken.isOurs) {
      await session.execute(`DROP INDEX CONCURRENTLY IF EXISTS ${broken.name}`);
    } else {
      throw brokenIndex(broken);
    }
  }
}

async function someExist(session: Session, names: readonly ObjectName[]): Promise<boolean> {
  const found = names.map((name) => `${regclass(name)} IS NOT NULL`).join(' OR ');
  const [result] = await session.execute(`SELECT ${found} AS is_there`);
  return result?.rows[0]?.is_there === 't';
}

type Detach = Extract<ConcurrentWork, { kind: 'detach-partition' }>;

/** `ours`: a try of this statement has half detached it. */
async function readAttachment(
  session: Session,
  { parent, partition }: Detach,
  tried: TriedStatement | undefined,
): Promise<'attached' | 'ours' | 'none'> {
  const [result] = await session.execute(
    // The column came with PostgreSQL 14, as DETACH CONCURRENTLY did.
    `SELECT i.inhdetachpending AND ${tried ? isMadeByTry(tried, 'i') : 'false'} AS is_ours
     FROM pg_catalog.pg_inherits i
     WHERE i.inhrelid ${eq} ${regclass(partition)} AND i.inhparent ${eq} ${regclass(parent)}`,
  );
  const row = result?.rows[0];
  if (!row) return 'none';
  return row.is_ours === 't' ? 'ours' : 'attached';
}

async function finishDetach(
  session: Session,
  work: Detach,
  tried: TriedStatement | undefined,
): Promise<boolean> {
  if ((await readAttachment(session, work, tried)) !== 'ours') return false;
  const { parent, partition } = work;
  await session.execute(`ALTER TABLE ${sqlName(parent)} DETACH PARTITION ${sqlName(partition)} FINALIZE`);
  return true;
}
