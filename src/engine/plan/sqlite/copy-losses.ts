/** Finds what a copy of rows into another SQLite table loses because of how that table is declared. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { declareNames } from '../../snapshot/sqlite/declared-names.js';
import { readTableSql } from '../../snapshot/sqlite/read-table-sql.js';
import { type Affinity, affinityOf } from './column-affinity.js';
import type { CopiedRows } from './copied-rows.js';
import type { DeclaredTable } from './schema-copy.js';

/** The two tables, as they are declared when the rows are copied. */
interface CopiedTables {
  source: DeclaredTable;
  target: DeclaredTable;
  /** Whether nothing was copied into the target before. */
  isEmpty: boolean;
}

/** The columns of the source, in lower case, that come into a column which converts values as the source does not. */
export function convertedColumns(rows: CopiedRows, { source, target }: CopiedTables): Map<string, Affinity> {
  return new Map(
    pairsOf(rows, { source, target }).flatMap(([from, to]): [string, Affinity][] => {
      const [one, other] = [typeOf(source, from), typeOf(target, to)];
      const isOther = other !== undefined && numeric(other) !== numeric(one ?? 'BLOB');
      return from !== undefined && isOther && other !== 'BLOB' ? [[from, other]] : [];
    }),
  );
}

/** Both convert a text that is a number. */
function numeric(affinity: Affinity): Affinity {
  return affinity === 'NUMERIC' ? 'INTEGER' : affinity;
}

function typeOf(table: DeclaredTable, column: string | undefined): Affinity | undefined {
  const found = table.columns.find(({ name }) => name === column);
  return found && affinityOf(found.type, table);
}

/** Each selected column with the one that gets its values. */
function pairsOf(
  { selected, into }: CopiedRows,
  { source, target }: Pick<CopiedTables, 'source' | 'target'>,
): [from: string | undefined, to: string | undefined][] {
  const from = selected.flatMap((name) =>
    name === '*' ? source.columns.map((column) => column.name) : [name],
  );
  const to = into ?? target.columns.map(({ name }) => name);
  return from.map((name, index) => [name, to[index]]);
}

/**
 * Whether the target may leave out or delete rows by ON CONFLICT. A constraint that the rows meet already does not: the source has it,
 * on columns of the same names.
 */
export function mayLeaveOut(rows: CopiedRows, { source, target, isEmpty }: CopiedTables): boolean {
  const resolved = conflictsOf(target).filter(({ isResolved }) => isResolved);
  if (resolved.length === 0) return false;
  const isSame = isEmpty && pairsOf(rows, { source, target }).every(([from, to]) => from === to);
  const met = new Set(isSame ? conflictsOf(source).map(({ rule }) => rule) : []);
  return resolved.some(({ rule }) => !met.has(rule));
}

interface Rule {
  rule: string;
  /** Whether it leaves out or deletes rows instead of failing. */
  isResolved: boolean;
}

function conflictsOf({ sql, columns }: DeclaredTable): Rule[] {
  const names = declareNames(columns.map(({ name }) => name));
  const table = readTableSql(sql, { tables: new Map(), columns: names });
  const collations = [...table.columns].map(([name, { collation = '' }]) =>
    collation ? `${name} ${collation}` : '',
  );
  const unique = table.constraints.map(({ definition, conflict = '' }) => ({
    rule: asciiLower(`${definition} ${collations.join(' ').trim()}`),
    isResolved: conflict === 'IGNORE' || conflict === 'REPLACE',
  }));
  const notNull = columns
    .filter((column) => column.isNotNull)
    .map(({ name }) => ({
      rule: `not null ${name}`,
      isResolved: table.columns.get(names.get(name) ?? '')?.notNullConflict === 'IGNORE',
    }));
  return [...unique, ...notNull];
}
