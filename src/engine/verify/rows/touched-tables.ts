/** Finds the tables of the ancestors that a file changes, or whose rows it changes. */

import type { MigrationEffects } from '../../../sql/effects/effect.js';
import { qualifiedName, type SchemaSnapshot } from '../../../sql/snapshot/snapshot.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';
import { indexTables, referencesOf } from './table-index.js';

/** @returns qualified names, as SQL. Names without a schema may mean several tables. */
export function findTouchedTables({ objects }: SchemaSnapshot, text: MigrationEffects): string[] {
  const touched = new Set(
    text.effects
      .filter(
        ({ action, when, by }) =>
          when !== 'later' && (!['call', 'read', 'use'].includes(action) || by !== undefined),
      )
      .flatMap(({ object, by }) =>
        [object.name, object.parent, by?.parent].filter((name) => name !== undefined),
      ),
  );
  return objects
    .filter(({ kind, name }) => kind === 'table' && touched.has(splitIdentifier(name).at(-1) ?? name))
    .map(qualifiedName);
}

/** Tables of SQLite whose rows may go with those of tables that the migration empties or drops. */
export function findReferringTables(schema: SchemaSnapshot, up: MigrationEffects): string[] {
  const index = indexTables(schema);
  const emptied = new Set(
    up.effects
      .filter(({ action }) => action === 'delete' || action === 'drop')
      .map(({ object }) => object.name),
  );
  const isEmptied = (target: string) => emptied.has(splitIdentifier(target).at(-1) ?? target);
  return [...index.columns.keys()].filter((table) =>
    referencesOf(index, table).some(({ target }) => isEmptied(target)),
  );
}
