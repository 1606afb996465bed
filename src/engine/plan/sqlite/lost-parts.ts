/** Finds which tables and columns a SQLite text drops or empties, and which columns it copies before. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens, type SqliteToken } from '../../../connections/sqlite/tokens.js';
import {
  createdTable,
  deletedFrom,
  droppedColumn,
  droppedTable,
  keepsExisting,
  nameOf,
  renameOf,
} from './statement-names.js';
import { findTableChanges } from './table-changes.js';

/** A table that is dropped or emptied, or one of its columns. */
export interface LostPart {
  /** As it is called before the text runs. */
  table: string;
  column?: string;
  /** The columns whose values are copied into the table that takes its place, in lower case; undefined where there is none. */
  copied?: ReadonlySet<string>;
}

/** Tables that the text itself creates lose nothing, and neither do those that it copies whole and then replaces. */
export function findLostParts(statements: readonly SqliteStatement[]): LostPart[] {
  const tables = followTables(new Set(findTableChanges(statements).rebuilt));
  return statements.flatMap((statement) => {
    const { head } = statement;
    for (const rename of renameOf(head)) tables.rename(rename);
    const created = createdTable(head);
    if (created && !keepsExisting(head)) tables.create(created.name);
    for (const source of sourcesOf(statement)) tables.copy(source, copiedColumns(statement));
    const column = droppedColumn(head);
    if (column) return tables.lose(column.table).map(({ table }) => ({ table, column: column.column }));
    const lost = droppedTable(head) ?? (hasCondition(statement) ? undefined : deletedFrom(head));
    return lost ? tables.lose(lost.name) : [];
  });
}

/** Follows renamed tables back to their former names. */
function followTables(rebuilt: ReadonlySet<string>) {
  /** The former name of each name that means another table now; undefined for one that the text has made. */
  const formerNames = new Map<string, string | undefined>();
  const copies = new Map<string, Set<string> | 'whole'>();
  const former = (name: string) => (formerNames.has(name) ? formerNames.get(name) : name);
  return {
    create: (name: string) => formerNames.set(asciiLower(name), undefined),
    rename: ({ from, to }: { from: string; to: string }) => {
      formerNames.set(to, former(from)).set(from, undefined);
    },
    copy: (source: string, columns: readonly string[] | 'whole') => {
      const table = former(source);
      const known = table === undefined ? undefined : copies.get(table);
      if (table === undefined || known === 'whole') return;
      copies.set(table, columns === 'whole' ? columns : new Set([...(known ?? []), ...columns]));
    },
    lose: (name: string): LostPart[] => {
      const table = former(asciiLower(name));
      if (table === undefined) return [];
      const copied = rebuilt.has(table) ? copies.get(table) : undefined;
      if (copied === 'whole') return [];
      return [{ table, ...(copied ? { copied } : {}) }];
    },
  };
}

const copying: ReadonlySet<string> = new Set(['INSERT', 'REPLACE', 'CREATE', 'WITH']);

/** The tables that a statement copies rows from, in lower case. */
function sourcesOf({ text, head }: SqliteStatement): string[] {
  if (!copying.has(head[0]?.value ?? '') || head.some(({ value }) => value === 'TRIGGER')) return [];
  const tokens = [...readTokens(text)];
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || !['FROM', 'JOIN'].includes(token.value)) return [];
    const source = tokens[tokens[index + 2]?.value === '.' ? index + 3 : index + 1];
    return source && source.kind !== 'symbol' ? [asciiLower(nameOf(source))] : [];
  });
}

/** The names behind the first SELECT, or `whole` where it takes all columns. */
function copiedColumns({ text }: SqliteStatement): string[] | 'whole' {
  const tokens = [...readTokens(text)];
  const start = tokens.findIndex(({ kind, value }) => kind === 'word' && value === 'SELECT');
  const selected = tokens.slice(start);
  if (selected.some((token, index) => isStar(token, selected[index - 1]))) return 'whole';
  return selected.filter(({ kind }) => kind !== 'symbol').map((token) => asciiLower(nameOf(token)));
}

/** Not the one of `count(*)` or of a product. */
function isStar({ value }: SqliteToken, before: SqliteToken | undefined): boolean {
  return value === '*' && ['SELECT', 'DISTINCT', 'ALL', ',', '.'].includes(before?.value ?? '');
}

function hasCondition({ text }: SqliteStatement): boolean {
  for (const { kind, value } of readTokens(text)) if (kind === 'word' && value === 'WHERE') return true;
  return false;
}
