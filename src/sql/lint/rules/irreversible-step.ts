/** down.sql can restore the shape of a dropped object, but never its rows. */

import type { Node } from '@pgsql/types';
import { findRelation, nameText, resolveParts, resolveRange } from '../../schema/schema.js';
import { joinNames } from '../../syntax/identifiers.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf, partsOf } from '../../syntax/object-names.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { liveType } from '../live-relations.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const irreversibleStep: Rule = {
  id: 'irreversible-step',
  severity: 'info',
  topic: 'design',
  summary: 'a step whose rows or values no down.sql can restore',
  checkStatement: (statement) =>
    statement.migration.down === undefined
      ? []
      : [
          ...droppedTables(statement),
          ...droppedColumns(statement),
          ...truncated(statement),
          ...enumValues(statement),
        ],
};

function droppedTables(statement: LintedStatement): Found[] {
  const drop = nodeOf(statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_TABLE') return [];
  const tables = (drop.objects ?? []).map((object) => tableOf(statement, object));
  return inUse(statement, tables)
    .filter((table) => !drop.missing_ok || findRelation(statement.schema, table))
    .map((table) => lost(statement.start, `the rows of ${nameText(table)}`));
}

function tableOf({ schema }: LintedStatement, object: Node): RelationName {
  return resolveParts(schema, partsOf(object), schema.relations);
}

function inUse({ isNew }: LintedStatement, tables: RelationName[]): RelationName[] {
  return tables.filter((table) => !isNew(table));
}

function droppedColumns(statement: LintedStatement): Found[] {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE') return [];
  const [table] = inUse(statement, [resolveRange(statement.schema, alter.relation)]);
  if (!table) return [];
  const known = findRelation(statement.schema, table)?.columns;
  const drops = nodesOf(alter.cmds, 'AlterTableCmd')
    .filter(({ subtype }) => subtype === 'AT_DropColumn')
    .filter(({ missing_ok, name = '' }) => !missing_ok || known?.has(name));
  const at = statement.indexOf(alter.relation?.location);
  return drops.map(({ name = '' }) => lost(at, `the values of ${nameText(table)}.${name}`));
}

function truncated(statement: LintedStatement): Found[] {
  const ranges = nodesOf(nodeOf(statement.node, 'TruncateStmt')?.relations, 'RangeVar');
  return ranges.flatMap((range) =>
    inUse(statement, [resolveRange(statement.schema, range)]).map((table) =>
      lost(statement.indexOf(range.location), `the rows of ${nameText(table)}`),
    ),
  );
}

function lost(at: number, what: string): Found {
  return {
    at,
    message: `no down.sql can restore ${what}`,
    help: 'Copy them into another table first, or drop them in a later migration, when the release has proven itself.',
  };
}

function enumValues(statement: LintedStatement): Found[] {
  const alter = nodeOf(statement.node, 'AlterEnumStmt');
  if (!alter || alter.oldVal !== undefined || !liveType(statement, alter.typeName)) return [];
  const type = joinNames(...namePartsOf(alter.typeName));
  return [
    {
      at: statement.start,
      message: `the type ${type} keeps the value '${alter.newVal}': PostgreSQL cannot remove a value`,
      help: 'Keep the value in down.sql, and write ADD VALUE IF NOT EXISTS, so that the migration can be applied again.',
    },
  ];
}
