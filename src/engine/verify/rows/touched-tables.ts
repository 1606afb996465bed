/** Finds the tables of the ancestors that a migration changes, or whose rows it changes. */

import type { MigrationEffects } from '../../../sql/effects/effect.js';
import type { SchemaSnapshot } from '../../../sql/snapshot/snapshot.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';

/** @returns qualified names, as SQL. Names without a schema may mean several tables. */
export function findTouchedTables({ objects }: SchemaSnapshot, up: MigrationEffects): string[] {
  const touched = new Set(
    up.effects
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
    .map(({ schema, name }) => `${schema}.${name}`);
}
