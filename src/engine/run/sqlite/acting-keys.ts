/** Reads the foreign keys of a SQLite database that have an action. */

import type { Session } from '../../../connections/driver.js';

/** A foreign key that changes or protects its rows when the row of the parent changes. Both tables exist. */
export interface ActingKey {
  child: string;
  parent: string;
  columns: readonly { child: string; parent: string }[];
  /** Those of the parent for which it has an action. */
  events: readonly ('DELETE' | 'UPDATE')[];
  /** The actions, in words. */
  actions: string;
}

type KeyRow = Record<string, string | null>;

/** The PRAGMA is asked only for tables with the word that every foreign key has. */
const keysSql = `SELECT m.name AS child, p.name AS parent, f.id AS id, f."from" AS child_column, f.on_delete, f.on_update,
    (SELECT i.name FROM pragma_table_xinfo(p.name, 'main') i
      WHERE CASE WHEN f."to" IS NULL THEN i.pk = f.seq + 1 ELSE lower(i.name) = lower(f."to") END) AS parent_column
  FROM main.sqlite_master m, pragma_foreign_key_list(m.name, 'main') f
  JOIN main.sqlite_master p ON p.type = 'table' AND lower(p.name) = lower(f."table") AND p.sql NOT LIKE 'CREATE VIRTUAL %'
  WHERE m.type = 'table' AND instr(lower(m.sql), 'references') > 0
    AND (f.on_delete <> 'NO ACTION' OR f.on_update <> 'NO ACTION')
  ORDER BY m.name, f.id, f.seq`;

export async function readActingKeys(session: Session): Promise<ActingKey[]> {
  const [result] = await session.execute(keysSql);
  const byKey = new Map<string, KeyRow[]>();
  for (const row of result?.rows ?? []) {
    const name = JSON.stringify([row.child, row.id]);
    byKey.set(name, [...(byKey.get(name) ?? []), row]);
  }
  return [...byKey.values()].flatMap(toKey);
}

/** A key whose columns do not fit its parent is none yet. */
function toKey(rows: readonly KeyRow[]): ActingKey[] {
  const [first] = rows;
  if (!first || rows.some((row) => row.parent_column === null)) return [];
  const { on_delete: onDelete, on_update: onUpdate } = first;
  const acting = [
    { event: 'DELETE' as const, action: onDelete },
    { event: 'UPDATE' as const, action: onUpdate },
  ].filter(({ action }) => action !== 'NO ACTION');
  const columns = rows.map((row) => ({ child: row.child_column ?? '', parent: row.parent_column ?? '' }));
  return [
    {
      ...{ child: first.child ?? '', parent: first.parent ?? '', columns },
      events: acting.map(({ event }) => event),
      actions: acting.map(({ event, action }) => `ON ${event} ${action}`).join(' and '),
    },
  ];
}
