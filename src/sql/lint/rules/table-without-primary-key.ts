/** Rows of a table without a key cannot be told apart, and logical replication refuses to change them. */

import type { Effect } from '../../effects/effect.js';
import { createdName } from '../../schema/read-table.js';
import { findRelation, nameText, type Relation } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import type { LintedStatement, Rule } from '../rule.js';

export const tableWithoutPrimaryKey: Rule = {
  id: 'table-without-primary-key',
  severity: 'info',
  topic: 'design',
  summary: 'a new table without a primary key',
  checkMigration: ({ statements, migration, up }) =>
    statements.flatMap((statement) => {
      const table = findCreated(statement);
      if (!table || table.creator !== migration.id || !lacksKey(table)) return [];
      if (up.effects().effects.some((effect) => givesKey(effect, table))) return [];
      return [
        {
          at: statement.indexOf(nodeOf(statement.node, 'CreateStmt')?.relation?.location),
          message: `${nameText(table)} has no primary key: its rows cannot be told apart, and logical replication will refuse UPDATE and DELETE`,
          help: 'Add a primary key.',
        },
      ];
    }),
};

/** What the whole migration has made of the table that a statement creates; undefined when it is gone or only changed its name. */
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
function givesKey({ action, object, change }: Effect, { schema, name }: RelationName): boolean {
  return (
    action === 'create' && change === 'primary key' && object.schema === schema && object.parent === name
  );
}
