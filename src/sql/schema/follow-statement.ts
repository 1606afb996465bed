/** Follows the statements of a history, so that it is known what each later one finds. */

import type { Node } from '@pgsql/types';
import { pathOfSet, readPath } from '../effects/search-path.js';
import { settingsOf } from '../postgres/settings-of.js';
import { checkedColumns } from '../syntax/checked-columns.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { SchemaStatementKind } from '../syntax/statement-kinds.js';
import { followAlterTable } from './follow-alter-table.js';
import { addDomain, followAlterDomain } from './follow-domains.js';
import { followDrop } from './follow-drops.js';
import { addFunction, followAlterFunction } from './follow-functions.js';
import { addPublication, followPublication } from './follow-publications.js';
import { followRename, renameRelation } from './follow-renames.js';
import { followSubscription } from './follow-subscriptions.js';
import { addIndex, readIndex } from './indexes.js';
import { forgetTemporary, putRelation } from './links.js';
import { createdName, newRelation, readTable } from './read-table.js';
import { descendantsOf } from './relatives.js';
import {
  findRelation,
  keyOfName,
  newName,
  type Relation,
  type RelationKind,
  resolveParts,
  resolveRange,
  type Schema,
} from './schema.js';
import { tableUses } from './table-uses.js';

type Followers = {
  readonly [Kind in SchemaStatementKind]:
    | ((schema: Schema, node: NodeOf<Kind>, creator: string) => void)
    | 'ignored';
};

const followers: Followers = {
  CreateStmt: (schema, create, creator) => {
    const table = readTable(schema, create, creator);
    if (create.if_not_exists && findRelation(schema, table)) return;
    addRelation(schema, table);
  },
  CreateForeignTableStmt: (schema, { base }, creator) => {
    if (base) addRelation(schema, { ...readTable(schema, base, creator), kind: 'foreign table' });
  },
  ViewStmt: (schema, { view, query, replace }, creator) => {
    const replaced = replace ? findRelation(schema, createdName(schema, view)) : undefined;
    addUnread(schema, view, { kind: 'view', creator: replaced?.creator ?? creator, query });
  },
  CreateTableAsStmt: (schema, { into, objtype, query, if_not_exists }, creator) => {
    const isView = objtype === 'OBJECT_MATVIEW';
    if (if_not_exists && findRelation(schema, createdName(schema, into?.rel))) return;
    addUnread(schema, into?.rel, {
      kind: isView ? 'materialized view' : 'table',
      creator,
      query: isView ? query : undefined,
    });
  },
  SelectStmt: (schema, statement, creator) => {
    followSettings(schema, { SelectStmt: statement });
    const { intoClause } = statement;
    if (intoClause) addUnread(schema, intoClause.rel, { kind: 'table', creator, query: undefined });
  },
  CreateSchemaStmt: (schema, { schemaname, schemaElts }, creator) => {
    const { path } = schema;
    if (schemaname) schema.path = [schemaname, ...path];
    for (const node of schemaElts ?? []) followStatement(schema, node, creator);
    schema.path = path;
  },
  CompositeTypeStmt: (schema, { typevar }, creator) => {
    const name = createdName(schema, typevar);
    schema.types.set(keyOfName(name), { ...name, creator });
  },
  CreateDomainStmt: addDomain,
  AlterDomainStmt: followAlterDomain,
  CreateSubscriptionStmt: followSubscription,
  AlterSubscriptionStmt: followSubscription,
  CreateFunctionStmt: addFunction,
  AlterFunctionStmt: followAlterFunction,
  CreateTrigStmt: (schema, { relation, trigname = '' }) => {
    findRelation(schema, resolveRange(schema, relation))?.triggers.add(trigname);
  },
  RuleStmt: (schema, { relation, rulename = '' }) => {
    findRelation(schema, resolveRange(schema, relation))?.rules.add(rulename);
  },
  CreateStatsStmt: (schema, { defnames, relations }) => {
    const parts = namePartsOf(defnames);
    const table = resolveRange(schema, nodesOf(relations, 'RangeVar')[0]);
    const name = { schema: parts.at(-2) ?? table.schema, name: parts.at(-1) ?? '' };
    schema.statistics.set(keyOfName(name), table);
  },
  AlterTableStmt: followAlterTable,
  IndexStmt: (schema, statement) => {
    const name = resolveRange(schema, statement.relation);
    const table = findRelation(schema, name);
    if (!table) return;
    const index = readIndex(schema, table, statement);
    if (statement.if_not_exists && schema.indexOwners.has(keyOfName({ ...name, name: index.name }))) return;
    addIndex(schema, table, index);
    if (statement.relation?.inh !== true || table.kind !== 'partitioned table') return;
    const { idxname: _, ...unnamed } = statement;
    for (const child of descendantsOf(schema, table))
      addIndex(schema, child, readIndex(schema, child, unnamed));
  },
  DropStmt: followDrop,
  RenameStmt: followRename,
  CreatePolicyStmt: followPolicy,
  AlterPolicyStmt: followPolicy,
  CreatePublicationStmt: addPublication,
  AlterPublicationStmt: followPublication,
  AlterObjectSchemaStmt: (schema, { relation, newschema = '' }) => {
    const table = relation && findRelation(schema, resolveRange(schema, relation));
    if (table) renameRelation(schema, table, { schema: newschema, name: table.name });
  },
  CreateEnumStmt: (schema, { typeName, vals }, creator) => {
    const values = namePartsOf(vals);
    const name = newName(schema, namePartsOf(typeName));
    schema.types.set(keyOfName(name), { ...name, creator, values });
  },
  AlterEnumStmt: (schema, { typeName, newVal, oldVal }) => {
    const type = schema.types.get(keyOfName(resolveParts(schema, namePartsOf(typeName), schema.types)));
    if (!type?.values || newVal === undefined) return;
    if (oldVal === undefined) type.values.push(newVal);
    else type.values = type.values.map((value) => (value === oldVal ? newVal : value));
  },
  DiscardStmt: (schema, statement) => followSettings(schema, { DiscardStmt: statement }),
  VariableSetStmt: (schema, statement) => {
    schema.path = pathOfSet(statement) ?? schema.path;
    followSettings(schema, { VariableSetStmt: statement });
  },
  AlterObjectDependsStmt: 'ignored',
  AlterOwnerStmt: 'ignored',
  AlterSeqStmt: 'ignored',
  AlterStatsStmt: 'ignored',
  AlterTableMoveAllStmt: 'ignored',
  AlterTypeStmt: 'ignored',
  CallStmt: 'ignored',
  ClusterStmt: 'ignored',
  CommentStmt: 'ignored',
  ConstraintsSetStmt: 'ignored',
  CopyStmt: 'ignored',
  CreateExtensionStmt: 'ignored',
  CreateRangeStmt: 'ignored',
  CreateSeqStmt: 'ignored',
  DeclareCursorStmt: 'ignored',
  DeleteStmt: 'ignored',
  DoStmt: 'ignored',
  DropOwnedStmt: 'ignored',
  ExecuteStmt: 'ignored',
  ExplainStmt: 'ignored',
  GrantStmt: 'ignored',
  ImportForeignSchemaStmt: 'ignored',
  InsertStmt: 'ignored',
  LockStmt: 'ignored',
  MergeStmt: 'ignored',
  PrepareStmt: 'ignored',
  ReassignOwnedStmt: 'ignored',
  RefreshMatViewStmt: 'ignored',
  ReindexStmt: 'ignored',
  SecLabelStmt: 'ignored',
  TruncateStmt: 'ignored',
  UpdateStmt: 'ignored',
  VacuumStmt: 'ignored',
  DropSubscriptionStmt: 'ignored',
};

/** The time zone, and a search path that set_config sets. */
function followSettings(schema: Schema, node: Node): void {
  for (const { name, value, isReset } of settingsOf(node)) {
    if ((name ?? 'timezone') === 'timezone') schema.isUtc = /^(utc|gmt|etc\/utc)$/i.test(value ?? '');
    if ((name ?? 'search_path') !== 'search_path' || 'VariableSetStmt' in node) continue;
    schema.path = isReset ? ['public'] : value === undefined ? schema.path : readPath(value.split(','));
  }
}

/** A policy that is altered is there. */
function followPolicy(
  schema: Schema,
  { table, policy_name = '' }: NodeOf<'CreatePolicyStmt'> | NodeOf<'AlterPolicyStmt'>,
): void {
  const name = resolveRange(schema, table);
  const known = findRelation(schema, name);
  if (known) known.policies.add(policy_name);
  else schema.unseenWithPolicy.add(keyOfName(name));
}

type AnyFollower = (schema: Schema, node: unknown, creator: string) => void;

/**
 * Carries one statement into what is known.
 * @param creator id of its migration
 */
export function followStatement(schema: Schema, statement: Node, creator: string): void {
  schema.migration = creator;
  const [kind, node] = Object.entries(statement)[0] ?? [];
  const follower = followers[kind as SchemaStatementKind] as AnyFollower | 'ignored' | undefined;
  if (typeof follower === 'function') follower(schema, node, creator);
}

/** The next migration starts with the default path, and without temporary tables. */
export function endMigration(schema: Schema): void {
  schema.path = ['public'];
  schema.isUtc = false;
  forgetTemporary(schema);
}

function addRelation(schema: Schema, relation: Relation): void {
  putRelation(schema, relation);
  for (const name of relation.indexes.keys())
    schema.indexOwners.set(keyOfName({ schema: relation.schema, name }), keyOfName(relation));
}

/** Something whose columns come from a query. */
function addUnread(
  schema: Schema,
  range: NodeOf<'ViewStmt'>['view'],
  { kind, creator, query }: { kind: RelationKind; creator: string; query: Node | undefined },
): void {
  const name = createdName(schema, range);
  const reads = tableUses(schema, query).map(({ table }) => table);
  const columnsRead = hasStar(query) ? {} : { columnsRead: new Set(checkedColumns(query)) };
  addRelation(schema, { ...newRelation(name, kind, creator), isWhole: false, reads, ...columnsRead });
}

function hasStar(tree: unknown): boolean {
  return nodesIn(tree, 'A_Star').length > 0;
}
