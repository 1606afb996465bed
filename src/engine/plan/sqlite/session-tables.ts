/** Follows which temporary tables and views hide tables of a SQLite file (https://www.sqlite.org/lang_naming.html). */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import {
  createdTable,
  createdView,
  droppedTable,
  droppedView,
  type FoundName,
  renameOf,
} from './statement-names.js';

/** A table as a statement names it. */
export type NamedTable = Pick<FoundName, 'name' | 'schema'>;

/** The temporary tables of one text, which end with its session. */
export class SessionTables {
  readonly #temporary = new Set<string>();

  static temporaryKey(name: string): string {
    return `temp.${asciiLower(name)}`;
  }

  /** @returns the name in lower case of a table of the file; for a temporary one, with `temp.` in front. */
  keyOf({ name, schema }: NamedTable): string {
    const key = SessionTables.temporaryKey(name);
    const isTemporary = schema === undefined ? this.#temporary.has(key) : asciiLower(schema) === 'temp';
    return isTemporary ? key : asciiLower(name);
  }

  /** As `keyOf`, of the table that CREATE TABLE makes: without TEMP it makes one of the file. */
  createdKey(head: SqliteStatement['head']): string | undefined {
    const created = createdTable(head);
    return (
      created &&
      (isTemporary(head, created) ? SessionTables.temporaryKey(created.name) : asciiLower(created.name))
    );
  }

  isTemporary(key: string): boolean {
    return this.#temporary.has(key);
  }

  /** Call it behind each statement, in their order. */
  follow({ head }: SqliteStatement): void {
    const created = createdTable(head) ?? createdView(head);
    if (created && isTemporary(head, created)) this.#temporary.add(SessionTables.temporaryKey(created.name));
    const dropped = droppedTable(head) ?? droppedView(head);
    if (dropped) this.#temporary.delete(this.keyOf(dropped));
    for (const { from, to, ...place } of renameOf(head))
      if (this.#temporary.delete(this.keyOf({ name: from, ...place })))
        this.#temporary.add(SessionTables.temporaryKey(to));
  }
}

function isTemporary([, second]: SqliteStatement['head'], { schema = '' }: FoundName): boolean {
  return second?.value === 'TEMP' || second?.value === 'TEMPORARY' || asciiLower(schema) === 'temp';
}
