/** Takes the rows of former migrations out of the tracking table together with that of the squashed one that stands for them. */

import type { Direction, Migration } from '../../graph/migration.js';
import { type Ledger, logTableOf, tableOf } from './ledger.js';
import { logStatement } from './log.js';
import { quoteLiteral, quoteTextArray } from './quote.js';

interface Forgetting {
  step: { direction: Direction };
  migration: Migration;
  /** As `LogEntry` has it. */
  client?: string;
}

/**
 * The statements that do it in a rollback's own transaction; none where there is nothing of the kind. Rows that are not there,
 * because this database has never had the former migrations, leave no entry in the log.
 */
export function forgetReplaced(ledger: Ledger, { step, migration, client }: Forgetting): string[] {
  const { replaces = [] } = migration;
  if (step.direction === 'up' || replaces.length === 0) return [];
  const rows = tableOf(ledger);
  const entries = replaces.map((id) => {
    const onlyIf = `EXISTS (SELECT FROM ${rows} WHERE name = ${quoteLiteral(id)})`;
    const entry = { id, direction: 'down', outcome: 'stamped', onlyIf } as const;
    return logStatement(logTableOf(ledger), { ...entry, ...(client === undefined ? {} : { client }) });
  });
  return [...entries, `DELETE FROM ${rows} WHERE name = ANY (${quoteTextArray(replaces)})`];
}
