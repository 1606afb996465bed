/** Rows of a table without a key cannot be identified, and logical replication refuses to change them. */

import type { Effect } from '../../effects/effect.js';
import { createdName } from '../../schema/read-table.js';
import { findRelation, keyOfName, nameText, type Relation } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const tableWithoutPrimaryKey: Rule = {
  id: 'table-without-primary-key',
  severity: 'info',
  topic: 'design',
  summary: 'a new table without a primary key',
  checkMigration: ({ ran, migration, up }) => {
    const withoutKey = ran.flatMap((statement) => {
      const table = findCreated(statement);
      return table && table.creator === migration.id && lacksKey(table) ? [{ statement, table }] : [];
    });
    if (withoutKey.length === 0) return [];
    const given = tablesGivenKeys(up.effects().effects);
    return withoutKey.flatMap(({ statement, table }) =>
      given.has(keyOfName(table)) ? [] : [describe(statement, table)],
    );
  },
};

function describe(statement: LintedStatement, table: Relation): Found {
  return {
    at: statement.indexOf(nodeOf(statement.node, 'CreateStmt')?.relation?.location),
    message: `${nameText(table)} has no primary key: its rows cannot be identified, and logical replication refuses UPDATE and DELETE`,
    help: 'Add a primary key.',
  };
}

/** The table's final state in the migration; undefined if it is dropped again or only renamed. */
function findCreated({ node, schema }: LintedStatement): Relation | undefined {
  const create = nodeOf(node, 'CreateStmt');
  return create && findRelation(schema, createdName(schema, create.relation));
}

/** The key of a partition is that of its parent, and what LIKE and INHERITS bring is not seen. */
function lacksKey({ kind, isWhole, constraints, isUnlogged }: Relation): boolean {
  if (kind !== 'table' && kind !== 'partitioned table') return false;
  return isWhole && !isUnlogged && ![...constraints.values()].some((one) => one.kind === 'primary key');
}

/** A body may give it a key, too. */
function tablesGivenKeys(effects: readonly Effect[]): ReadonlySet<string> {
  const keys = effects.filter(({ constraint }) => constraint === 'primary key');
  return new Set(
    keys.map(({ object }) => keyOfName({ schema: object.schema ?? '', name: object.parent ?? '' })),
  );
}
