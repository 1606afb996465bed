/** Refuses to continue a migration behind statements whose temporary tables went with their session. */

import { KatError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import type { Statement } from '../../sql/syntax/parse.js';

/**
 * @param finished how many statements ran in a session that has ended.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function refuseLostTables(
  { id, direction }: Pick<Step, 'id' | 'direction'>,
  statements: readonly Pick<Statement, 'node'>[],
  finished: number,
): Promise<void> {
  const { findLostTable } = await import('../../sql/transactions/lost-tables.js');
  const lost = findLostTable(statements, finished);
  if (!lost) return;
  throw new KatError(
    'MIGRATION_HALF_DONE',
    `statement ${lost.neededBy} of ${id} needs the temporary table ${lost.name}, which statement ${lost.madeBy} made in a session that has ended`,
    {
      help: `Write a statement that makes it again, with its rows, in front of statement ${finished + 1}, and run \`kat ${direction}\`. Or finish or undo the migration by hand and record it: \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`,
    },
  );
}
