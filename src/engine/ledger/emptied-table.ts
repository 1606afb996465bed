/** Refuses to begin again where the tracking table has lost its rows, and its log still has them. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { haveBareNames } from '../../project/folder/bare-names.js';
import { type Ledger, logTableOf, tableOf } from './ledger.js';
import { readLastSuccesses } from './log.js';
import { formatTableName, logNameOf } from './table-name.js';

/**
 * Kat never removes a row without an entry in the log: who emptied the table did not know that each migration would run again. Go's Kat
 * does, where it works on the project as well: it has rolled the migrations back.
 * @param applied ids of the tracking table, which is looked at once more where there are none.
 * @throws KatError LEDGER_MISMATCH when the log has migrations of this folder as applied.
 */
export async function refuseEmptiedTable(
  session: Session,
  ledger: Ledger,
  { folder, applied }: { folder: Graph; applied: Iterable<string> },
): Promise<void> {
  const [first] = applied;
  if (first !== undefined || !ledger.shape || !ledger.hasLog) return;
  const logged = await readLastSuccesses(session, logTableOf(ledger), tableOf(ledger));
  const { name } = ledger;
  const lost = folder.migrations.map(({ id }) => id).filter((id) => logged.get(id)?.direction === 'up');
  if (lost.length === 0 || haveBareNames(folder.migrations)) return;
  const log = formatTableName({ ...name, table: logNameOf(name.table) });
  throw new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(name)} is empty, but its log ${log} has ${counted(lost.length, 'applied migration')}: ${listIds(lost)}`,
    {
      help: `If the rows were deleted by mistake, record the migrations again with \`kat stamp ${latestOf(folder, lost).join(' ')}\`, which runs no SQL. \`kat up\` would apply each of them again. To begin a new history, first rename ${log}.`,
    },
  );
}

/** Those that no other one descends from; `stamp` records their ancestors along with them. */
function latestOf(folder: Graph, ids: readonly string[]): string[] {
  const ancestors = folder.ancestors(ids);
  return ids.filter((id) => !ancestors.has(id));
}
