/** A published table without a replica identity refuses every UPDATE and DELETE. */

import type { Node } from '@pgsql/types';
import { partitionsOf } from '../../schema/relatives.js';
import { findRelation, keyOfName, nameText, type Relation, resolveRange } from '../../schema/schema.js';
import { literalOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const publishedWithoutIdentity: Rule = {
  id: 'published-without-identity',
  severity: 'error',
  summary: 'a table in use without a replica identity is published, so that its UPDATEs and DELETEs fail',
  checkStatement: (statement) => {
    const tables = publishedTables(statement).filter(
      (table) => !statement.isNew(table) && lacksIdentity(table),
    );
    return [...new Map(tables.map((table) => [keyOfName(table), table])).values()].map((table) =>
      describe(statement, table),
    );
  },
};

function describe({ start }: LintedStatement, table: Relation): Found {
  return {
    at: start,
    message: `${nameText(table)} has no primary key and no other replica identity, so PostgreSQL refuses every UPDATE and DELETE of it while it is published`,
    help: 'First add a primary key, or set REPLICA IDENTITY to a unique index or FULL. Or publish its INSERTs alone.',
  };
}

function publishedTables({ node, schema }: LintedStatement): Relation[] {
  const created = nodeOf(node, 'CreatePublicationStmt');
  const altered = nodeOf(node, 'AlterPublicationStmt');
  if (altered?.action === 'AP_DropObjects' || !publishesChanges((created ?? altered)?.options)) return [];
  const all = [...schema.relations.values()].filter(({ isUnlogged }) => !isUnlogged);
  if (created?.for_all_tables) return all.filter(({ kind }) => kind === 'table');
  const found: Relation[] = [];
  for (const { pubtable, pubobjtype, name } of nodesOf(
    (created ?? altered)?.pubobjects,
    'PublicationObjSpec',
  )) {
    if (pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA')
      found.push(...all.filter(({ schema: own, kind }) => own === name && kind === 'table'));
    const table = pubtable && findRelation(schema, resolveRange(schema, pubtable.relation));
    if (table) found.push(...[table, ...partitionsOf(schema, table)].filter(({ kind }) => kind === 'table'));
  }
  return found;
}

/** Without the option all changes are published; of an ALTER it is not known. */
function publishesChanges(options: readonly Node[] | undefined): boolean {
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'publish');
  const value = literalOf(option?.arg) ?? partsOf(option?.arg)[0];
  return option === undefined || /update|delete/i.test(value ?? '');
}

/** The key of a parent whose columns are not known may be one of these. */
function lacksIdentity({ replicaIdentity, constraints, isWhole }: Relation): boolean {
  if (replicaIdentity === 'nothing') return true;
  const hasKey = [...constraints.values()].some(({ kind }) => kind === 'primary key');
  return replicaIdentity === 'default' && isWhole && !hasKey;
}
