/** Distinguishes work on rows that a statement does from work that is assumed because the history does not show the table. */

import { predictCommand } from '../impact/alter-table.js';
import type { Impact } from '../impact/impact.js';
import { readType } from '../schema/read-type.js';
import { nodeOf } from '../syntax/node-of.js';
import { commandsOnLiveTable, type TableCommand } from './alter-table-commands.js';
import type { LintedStatement } from './rule.js';

/** The impact without rewrites and scans that are only assumed: what else the statement delays must not rest on them. */
export function withoutAssumed(statement: LintedStatement): Impact {
  const { impact, oldestServer } = statement;
  if (impact.rewrites.length + impact.scans.length === 0) return impact;
  const commands = commandsOnLiveTable(statement);
  const certain = commands.filter((changed) => !isAssumed(changed));
  if (certain.length === commands.length) return impact;
  const works = certain.some((changed) => {
    const { rewrites, scans } = predictCommand(changed.schema, oldestServer, changed);
    return rewrites.length + scans.length > 0;
  });
  return works ? impact : { ...impact, rewrites: [], scans: [] };
}

/** An unknown old type is most likely of the same kind, and an unknown index one over columns that are NOT NULL. */
export function isAssumed({ command, known }: TableCommand): boolean {
  if (command.subtype === 'AT_AddConstraint') {
    const { contype, indexname } = nodeOf(command.def, 'Constraint') ?? {};
    return contype === 'CONSTR_PRIMARY' && indexname !== undefined && !known?.indexes.has(indexname);
  }
  if (command.subtype !== 'AT_AlterColumnType' || known?.columns.get(command.name ?? '')?.type) return false;
  const definition = nodeOf(command.def, 'ColumnDef');
  const to = readType(definition?.typeName);
  const isOfWideKind = to === undefined || ['text', 'varchar', 'numeric'].includes(to.name);
  return definition?.raw_default === undefined && isOfWideKind;
}
