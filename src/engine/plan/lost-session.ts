/** Refuses to continue a migration behind statements whose temporary tables went with their session. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';

/** A temporary table, and in words who needs it, and what to do. */
export interface LostWithSession {
  name: string;
  needs: string;
  advice: string;
}

type Run = Pick<Step, 'id' | 'direction'>;

/**
 * @param session the one that is to continue. A connection of the caller's may be the one that ran the statements before.
 * @param finished how many statements ran before.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function refuseLostTables(
  session: Session,
  run: Run,
  statements: readonly Pick<Statement, 'node'>[],
  finished: number,
): Promise<void> {
  const lost = await findLostWithSession(run, statements, finished);
  if (lost && !(await isThere(session, lost.name)))
    throw new KatError('MIGRATION_HALF_DONE', lost.needs, { help: lost.advice });
}

async function isThere(session: Session, name: string): Promise<boolean> {
  const regclass = `pg_catalog.to_regclass(${quoteLiteral(`pg_temp.${quoteIdentifier(name)}`)})`;
  const [result] = await session.execute(`SELECT ${regclass} IS NOT NULL AS is_there`);
  return result?.rows[0]?.is_there === 't';
}

/** @returns undefined when the next run, in another session, finds all that it needs. */
export async function findLostWithSession(
  { id, direction }: Run,
  statements: readonly Pick<Statement, 'node'>[],
  finished: number,
): Promise<LostWithSession | undefined> {
  const { findLostTable } = await import('../../sql/transactions/lost-tables.js');
  const lost = findLostTable(statements, finished);
  if (!lost) return undefined;
  const needs = `statement ${lost.neededBy} of ${id} needs the temporary table ${lost.name}, which statement ${lost.madeBy} made in a session that has ended`;
  const advice = `Write a statement that makes it again, with its rows, in front of statement ${finished + 1}, and run \`kat ${direction}\`. Or finish or undo the migration by hand and record it: \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`;
  return { name: lost.name, needs, advice };
}
