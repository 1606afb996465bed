/** Recognises sequences of Kat's tables that are behind their rows, or at their end. */

import { SqlError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';
import type { Ledger } from './ledger.js';
import { formatTableName, logNameOf } from './table-name.js';

/** What to do, without a full stop, where the server refused an id of the tracking table or its log, or has none left. */
export function adviseOnSequences({ name }: Ledger, error: unknown): string | undefined {
  if (!(error instanceof SqlError)) return undefined;
  const tables = [name.table, logNameOf(name.table)].map((table) => ({ ...name, table }));
  return adviseOnUsedId(tables, error) ?? adviseOnEnd(tables, error);
}

/** Logical replication and some restores copy rows and no sequences. */
function adviseOnUsedId(tables: readonly Ledger['name'][], { report }: SqlError): string | undefined {
  const { sqlstate, schema, table, detail = '' } = report;
  const isOwn = tables.some((own) => schema === own.schema && table === own.table);
  // Only names of columns stay as they are in every language of messages.
  if (sqlstate !== '23505' || !isOwn || !detail.includes('(id)=')) return undefined;
  const [first, second] = tables.map(setToLastRow);
  return `The sequences of the tracking table are behind its rows, as after logical replication or a restore without sequences. Advance them with \`${first}\` and \`${second}\``;
}

/** The server names the sequence in its message alone, and names no schema. The names are those that it gives by itself. */
function adviseOnEnd(tables: readonly Ledger['name'][], { report }: SqlError): string | undefined {
  if (report.sqlstate !== '2200H') return undefined;
  const words = report.message.split(/[^\p{L}\p{N}_$-]+/u);
  const own = tables.find(({ table }) => words.includes(`${table}_id_seq`));
  if (!own) return undefined;
  const [table, sequence] = [formatTableName(own), formatTableName({ ...own, table: `${own.table}_id_seq` })];
  return [
    `The sequence ${sequence} of ${table} has no further ids.`,
    `If \`SELECT max(id) FROM ${table};\` shows a lower number, set it back with \`${setToLastRow(own)}\`.`,
    `If not, widen it with \`ALTER TABLE ${table} ALTER COLUMN id TYPE bigint; ALTER SEQUENCE ${sequence} AS bigint NO MAXVALUE;\``,
  ].join(' ');
}

function setToLastRow(name: Ledger['name']): string {
  const table = formatTableName(name);
  return `SELECT setval(pg_get_serial_sequence(${quoteLiteral(table)}, 'id'), coalesce(max(id), 1)) FROM ${table};`;
}
