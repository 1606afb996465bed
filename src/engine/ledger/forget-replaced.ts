/** Deletes the tracking rows of replaced migrations together with the row of the squashed migration. */

import type { Direction, Migration } from '../../graph/migration.js';
import { present } from '../../present.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import { type Ledger, tableOf, writeTargetOf } from './ledger.js';
import { logWrite } from './log.js';
import { eq } from './operators.js';
import { type ProvenWrite, proven } from './proof.js';

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
export function forgetReplaced(ledger: Ledger, forgetting: Forgetting): string[] {
  return forgetWrites(ledger, forgetting).map((write) => proven(write));
}

/** The same as statements and their proofs. */
export function forgetWrites(ledger: Ledger, { step, migration, client }: Forgetting): ProvenWrite[] {
  const { replaces = [] } = migration;
  if (step.direction === 'up' || replaces.length === 0) return [];
  const rows = tableOf(ledger);
  const entries = replaces.map((id) => {
    const onlyIf = `EXISTS (SELECT FROM ${rows} WHERE name ${eq} ${quoteLiteral(id)})`;
    const entry = { id, direction: 'down', outcome: 'stamped', onlyIf } as const;
    return logWrite(ledger, { ...entry, ...present({ client }) });
  });
  const those = `FROM ${rows} WHERE name ${eq} ANY (${quoteTextArray(replaces)})`;
  const words = 'rows of squashed migrations did not leave the tracking table';
  const proof = `NOT EXISTS (SELECT ${those})`;
  return [...entries, { sql: `DELETE ${those}`, proof, words, ...writeTargetOf(ledger), deletes: 'any' }];
}
