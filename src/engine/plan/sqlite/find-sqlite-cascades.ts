/** Finds rows on SQLite that go, or forget what they referred to, because a statement deletes rows of another table. */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { SqlError } from '../../../errors.js';
import { quoteIdentifier } from '../../../quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import { SessionTables } from './session-tables.js';
import { deletedFrom } from './statement-names.js';
import { type ThinnedTable, thinnedBy } from './thinned-by.js';

/** As the database writes the names. */
export interface Cascades {
  /** Tables that lose rows. */
  tables: string[];
  /** Columns that get NULL or their default. */
  columns: string[];
}

/** Rows of a table that the text has deleted from before are not looked for. */
export async function findSqliteCascades(
  session: Session,
  statements: readonly SqliteStatement[],
): Promise<Cascades> {
  const found: Cascades = { tables: [], columns: [] };
  const cleared = new Set<string>();
  const names = new SessionTables();
  for (const statement of statements) {
    const { text } = statement;
    const tokens = [...readTokens(text)];
    const thinned = ofFile(names, thinnedBy(text, tokens));
    for (const reference of thinned ? await findReferring(session, thinned, cleared) : []) {
      if (reference.action === 'CASCADE') found.tables.push(reference.table);
      else found.columns.push(...reference.keys.map(({ from }) => `${reference.table}.${from}`));
    }
    const deleted = deletedFrom(tokens);
    if (deleted) cleared.add(names.keyOf(deleted));
    names.follow(statement);
  }
  return { tables: [...new Set(found.tables)], columns: [...new Set(found.columns)] };
}

/** No table of the file refers to a temporary one. */
function ofFile(names: SessionTables, thinned: ThinnedTable | undefined): ThinnedTable | undefined {
  return thinned && names.isTemporary(names.keyOf(thinned)) ? undefined : thinned;
}

/** @param cleared in lower case. */
async function findReferring(
  session: Session,
  thinned: ThinnedTable,
  cleared: ReadonlySet<string>,
): Promise<Reference[]> {
  const found: Reference[] = [];
  for (const reference of await readReferences(session, thinned.name))
    if (!cleared.has(asciiLower(reference.table)) && (await hasRows(session, reference, thinned)))
      found.push(reference);
  return found;
}

interface Reference {
  table: string;
  action: string;
  keys: { from: string; to: string }[];
}

/** The foreign keys that refer to a table, where a deletion does more than fail. */
async function readReferences(session: Session, name: string): Promise<Reference[]> {
  const [result] = await session.execute(
    `SELECT m.name AS child, f.id AS id, f.on_delete AS action, f."from" AS own,
            coalesce(f."to", (SELECT p.name FROM pragma_table_info(f."table") p WHERE p.pk = f.seq + 1)) AS other
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table' AND lower(f."table") = ${quoteSqliteText(asciiLower(name))}
       AND f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') ORDER BY m.name, f.id, f.seq`,
  );
  const references = new Map<string, Reference>();
  for (const { child, id, action, own, other } of result?.rows ?? []) {
    const key = `${id} ${child}`;
    const reference = references.get(key) ?? { table: child ?? '', action: action ?? '', keys: [] };
    reference.keys.push({ from: own ?? '', to: other ?? '' });
    references.set(key, reference);
  }
  return [...references.values()];
}

/** A word that no text uses names the rows that refer: a table may refer to itself. A condition that cannot be asked yet, as on a new column, leaves out nothing. */
async function hasRows(
  session: Session,
  { table, keys, action }: Reference,
  { name, rows }: ThinnedTable,
): Promise<boolean> {
  const match = keys.map(({ from, to }) => `${quoteIdentifier(to)} = kat_referring.${quoteIdentifier(from)}`);
  const conditions = [...match, ...(rows ? [`(${rows.condition}\n)`] : [])].join(' AND ');
  try {
    const [result] = await session.execute(
      `SELECT 1 FROM ${quoteIdentifier(table)} AS kat_referring
       WHERE EXISTS (SELECT 1 FROM ${rows?.from ?? quoteIdentifier(name)} WHERE ${conditions}) LIMIT 1`,
    );
    return result?.rows.length !== 0;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost || !rows) throw error;
    return hasRows(session, { table, keys, action }, { name });
  }
}
