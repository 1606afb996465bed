/** Recognises a sequence behind its rows: logical replication and some restores copy rows and no sequences. */

import { SqlError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';
import type { Ledger } from './ledger.js';
import { formatTableName, logNameOf } from './table-name.js';

/** What to do, without a full stop, where the server refused an id of the tracking table or its log that a row has already. */
export function adviseOnUsedId({ name }: Ledger, error: unknown): string | undefined {
  if (!(error instanceof SqlError)) return undefined;
  const { sqlstate, schema, table, detail = '' } = error.report;
  const log = logNameOf(name.table);
  const isOwn = schema === name.schema && (table === name.table || table === log);
  // Only names of columns stay as they are in every language of messages.
  if (sqlstate !== '23505' || !isOwn || !detail.includes('(id)=')) return undefined;
  const [first, second] = [name.table, log].map((one) => advanceSequence({ ...name, table: one }));
  return `The sequences of the tracking table are behind its rows, as after logical replication or a restore without sequences. Advance them with \`${first}\` and \`${second}\``;
}

function advanceSequence(name: Ledger['name']): string {
  const table = formatTableName(name);
  return `SELECT setval(pg_get_serial_sequence(${quoteLiteral(table)}, 'id'), max(id)) FROM ${table};`;
}
