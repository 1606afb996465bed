/** Remembers which tables a migration has emptied and not filled again, as far as its statements tell. */

import { keyOfName } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import { changesIn } from './changes-in.js';
import type { Emptying, LintedStatement } from './rule.js';

export interface EmptiedTables {
  /** Call after each statement of the migration. */
  follow(statement: LintedStatement): void;
  /** @param by how, where that matters: a table that was truncated counts as deleted from, too */
  has(name: RelationName, by: Emptying): boolean;
}

/** In a transaction no other session can fill a truncated table; without one, others may at once. */
export function startEmptied({ isTransactional }: { isTransactional: boolean }): EmptiedTables {
  const emptied = new Map<string, Emptying>();
  return {
    follow: (statement) => {
      if (!isTransactional) return;
      for (const key of filledBy(statement)) emptied.delete(key);
      if (isHidden(statement)) emptied.clear();
      renameIn(emptied, statement);
      for (const [key, how] of emptiedBy(statement)) emptied.set(key, how);
    },
    has: (name, by) => {
      const how = emptied.get(keyOfName(name));
      return how === 'truncate' || how === by;
    },
  };
}

/** Whatever is written to may have rows again. */
function filledBy({ impact: { locks } }: LintedStatement): string[] {
  return locks.filter(({ mode }) => mode === 'ROW EXCLUSIVE').map(({ relation }) => keyOfName(relation));
}

/** Functions and blocks may write anything. Triggers and foreign keys of DELETE and TRUNCATE write no rows into what these empty. */
function isHidden({ node, impact }: LintedStatement): boolean {
  return !impact.isWhole && !('DeleteStmt' in node) && !('TruncateStmt' in node);
}

function emptiedBy({ node, impact, schema }: LintedStatement): [key: string, how: Emptying][] {
  if ('TruncateStmt' in node) {
    const locked = impact.locks.filter(({ mode }) => mode === 'ACCESS EXCLUSIVE');
    return locked.map(({ relation }) => [keyOfName(relation), 'truncate']);
  }
  return changesIn(node, schema).flatMap(({ kind, table, isWhole }): [string, Emptying][] =>
    kind === 'DELETE' && isWhole && !mayKeepRows(schema, table) ? [[keyOfName(table), 'delete']] : [],
  );
}

/** Triggers can keep rows, and policies hide them. */
function mayKeepRows({ relations }: LintedStatement['schema'], table: RelationName): boolean {
  const known = relations.get(keyOfName(table));
  return known !== undefined && known.triggers.size + known.rules.size + known.policies.size > 0;
}

function renameIn(emptied: Map<string, Emptying>, { node, schema }: LintedStatement): void {
  const rename = nodeOf(node, 'RenameStmt');
  if (rename?.renameType !== 'OBJECT_TABLE' || !rename.relation) return;
  for (const space of rename.relation.schemaname ? [rename.relation.schemaname] : schema.path) {
    const from = keyOfName({ schema: space, name: rename.relation.relname ?? '' });
    const how = emptied.get(from);
    emptied.delete(from);
    if (how) emptied.set(keyOfName({ schema: space, name: rename.newname ?? '' }), how);
  }
}
