/** A published table without a replica identity refuses every UPDATE and DELETE. */

import type { Node } from '@pgsql/types';
import { partitionsOf } from '../../schema/relatives.js';
import {
  findRelation,
  keyOfName,
  nameText,
  type Relation,
  resolveRange,
  type Schema,
} from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import { reachableFrom } from '../../syntax/reachable.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const publishedWithoutIdentity: Rule = {
  id: 'published-without-identity',
  severity: 'error',
  summary: 'a table in use without a replica identity is published, so that its UPDATEs and DELETEs fail',
  checkMigration: ({ ran }) =>
    ran.flatMap((statement, index) => {
      const later = ran.slice(index + 1);
      const tables = isLeft(statement, later) ? publishedTables(statement) : [];
      const refusing = tables.filter(
        (table) =>
          !statement.isNew(table) &&
          lacksIdentity(statement.schema, table) &&
          !later.some((next) => takesOut(next, statement, table)),
      );
      return [...new Map(refusing.map((table) => [keyOfName(table), table])).values()].map((table) =>
        describe(statement, table),
      );
    }),
};

function describe(statement: LintedStatement, table: Relation): Found {
  return {
    at: statement.start,
    message: `${nameText(table)} has no primary key and no other replica identity, so PostgreSQL refuses every UPDATE and DELETE of it while it is published`,
    help: 'First add a primary key, or set REPLICA IDENTITY to a unique index or FULL. Or publish its INSERTs alone.',
    ...(isSure(statement) ? {} : { severity: 'warning' as const }),
  };
}

/** Code that nobody has read may make keys, and a publication that no migration creates may publish INSERTs alone. */
function isSure({ node, schema }: LintedStatement): boolean {
  return schema.unread.size === 0 && schema.publications.has(publicationOf(node)?.pubname ?? '');
}

function publicationOf(node: Node) {
  return nodeOf(node, 'CreatePublicationStmt') ?? nodeOf(node, 'AlterPublicationStmt');
}

/** Whether the publication is there at the end of the migration, and publishes more than INSERTs. */
function isLeft({ node, schema }: LintedStatement, later: readonly LintedStatement[]): boolean {
  const name = publicationOf(node)?.pubname;
  if (name === undefined || schema.publications.get(name) === false) return false;
  return !later.some((next) => {
    const drop = nodeOf(next.node, 'DropStmt');
    const isOfPublications = drop?.removeType === 'OBJECT_PUBLICATION';
    return isOfPublications && (drop.objects ?? []).some((object) => partsOf(object).includes(name));
  });
}

/** SET replaces the list, and is looked at by itself. */
function takesOut(next: LintedStatement, { node }: LintedStatement, table: Relation): boolean {
  const altered = nodeOf(next.node, 'AlterPublicationStmt');
  if (!altered?.pubobjects || altered.pubname !== publicationOf(node)?.pubname) return false;
  if (altered.action === 'AP_SetObjects') return true;
  const named = altered.action === 'AP_DropObjects' ? tablesNamed(next) : [];
  return named.some((one) => keyOfName(one) === keyOfName(table));
}

function publishedTables(statement: LintedStatement): Relation[] {
  const { node, schema } = statement;
  if (nodeOf(node, 'AlterPublicationStmt')?.action === 'AP_DropObjects') return [];
  const isOfAll = nodeOf(node, 'CreatePublicationStmt')?.for_all_tables === true;
  return isOfAll ? loggedTables(schema) : tablesNamed(statement);
}

function loggedTables({ relations }: Schema): Relation[] {
  return [...relations.values()].filter(({ kind, isUnlogged }) => kind === 'table' && !isUnlogged);
}

function tablesNamed({ node, schema }: LintedStatement): Relation[] {
  const found: Relation[] = [];
  for (const { pubtable, pubobjtype, name } of nodesOf(
    publicationOf(node)?.pubobjects,
    'PublicationObjSpec',
  )) {
    if (pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA')
      found.push(...loggedTables(schema).filter((table) => table.schema === name));
    const table = pubtable && findRelation(schema, resolveRange(schema, pubtable.relation));
    if (table) found.push(...[table, ...partitionsOf(schema, table)].filter(({ kind }) => kind === 'table'));
  }
  return found;
}

/** Of a partition also the keys above it count. The key of a parent whose columns are not known may be one of these. */
function lacksIdentity(schema: Schema, table: Relation): boolean {
  if (table.replicaIdentity === 'nothing') return true;
  return (
    table.replicaIdentity === 'default' &&
    [table, ...partitionedAbove(schema, table)].every(
      ({ isWhole, constraints }) =>
        isWhole && ![...constraints.values()].some(({ kind }) => kind === 'primary key'),
    )
  );
}

function partitionedAbove(schema: Schema, table: Relation): Relation[] {
  const next = ({ parents }: Relation) =>
    parents
      .map((parent) => findRelation(schema, parent))
      .filter((parent) => parent !== undefined)
      .filter(({ kind }) => kind === 'partitioned table');
  return reachableFrom<Relation>(next(table), { keyOf: keyOfName, next });
}
