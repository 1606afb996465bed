/** Predicts statements on a table's other properties than rows: names, comments, triggers, policies, statistics. */

import type { RangeVar } from '@pgsql/types';
import { findDomain } from '../schema/follow-domains.js';
import { descendantsOf, partitionsOf, tablesWithType, typedTables } from '../schema/relatives.js';
import {
  findRelation,
  keyOfName,
  type Relation,
  resolveParts,
  resolveRange,
  type Schema,
} from '../schema/schema.js';
import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf, partsOf, partsOfRange } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LockMode } from './impact.js';
import type { ImpactContext } from './impact-builder.js';
import { defineQuery } from './use-tables.js';

/** RENAME of a table, a column, an index, a trigger and so on; ALTER INDEX takes less than ALTER TABLE (12 and later). */
export function predictRename(context: ImpactContext, statement: NodeOf<'RenameStmt'>): void {
  const { schema, builder } = context;
  const { relation, renameType = '', missing_ok } = statement;
  if (renameType === 'OBJECT_ATTRIBUTE') renameAttribute(context, statement);
  if (!relation || renameType === 'OBJECT_TYPE' || renameType === 'OBJECT_ATTRIBUTE') return;
  const name = named(schema, relation);
  if (missing_ok && !findRelation(schema, name) && !schema.indexOwners.has(keyOfName(name))) return;
  builder.lock(name, renameType === 'OBJECT_INDEX' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (!isInheritedName(context, findRelation(schema, name), statement)) return;
  for (const child of descendantsOf(schema, name)) builder.lock(child, 'ACCESS EXCLUSIVE');
}

/** With CASCADE the columns of tables OF the type get the name, too. */
function renameAttribute(
  { schema, builder }: ImpactContext,
  { relation, behavior }: NodeOf<'RenameStmt'>,
): void {
  if (!relation || behavior !== 'DROP_CASCADE') return;
  const type = resolveParts(schema, partsOfRange(relation), schema.types);
  for (const table of typedTables(schema, type)) builder.lock(table, 'ACCESS EXCLUSIVE');
}

/** Columns, checks and NOT NULL have the same names everywhere; triggers of partitions follow since 15. */
function isInheritedName(
  { oldestServer }: ImpactContext,
  known: Relation | undefined,
  { renameType, relation, subname = '' }: NodeOf<'RenameStmt'>,
): boolean {
  if (renameType === 'OBJECT_TRIGGER') return oldestServer >= 15 && known?.kind === 'partitioned table';
  if (relation?.inh !== true) return false;
  const kind = known?.constraints.get(subname)?.kind ?? '';
  return (
    renameType === 'OBJECT_COLUMN' || (renameType === 'OBJECT_TABCONSTRAINT' && /check|not null/.test(kind))
  );
}

/** A relation or an index: ALTER TABLE takes both. */
function named(schema: Schema, range: RangeVar): RelationName {
  const parts = range.schemaname ? [range.schemaname, range.relname ?? ''] : [range.relname ?? ''];
  const index = resolveParts(schema, parts, schema.indexOwners);
  return schema.indexOwners.has(keyOfName(index)) ? index : resolveRange(schema, range);
}

/** ALTER … SET SCHEMA. */
export function predictSetSchema(
  { schema, builder }: ImpactContext,
  { relation }: NodeOf<'AlterObjectSchemaStmt'>,
): void {
  if (relation) builder.lock(resolveRange(schema, relation), 'ACCESS EXCLUSIVE');
}

const commentedRelations: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_SEQUENCE',
]);

const commentedParts: ReadonlySet<string> = new Set([
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
]);

/** COMMENT (objectaddress.c, get_object_address). */
export function predictComment(
  { schema, builder }: ImpactContext,
  { objtype = 'OBJECT_TYPE', object }: NodeOf<'CommentStmt'>,
): void {
  const parts = partsOf(object);
  const owner = parts.slice(0, -1);
  if (objtype === 'OBJECT_INDEX')
    builder.lock(resolveParts(schema, parts, schema.indexOwners), 'SHARE UPDATE EXCLUSIVE');
  const lock = (names: readonly string[], mode: LockMode) =>
    builder.lock(resolveParts(schema, names, schema.relations), mode);
  if (commentedRelations.has(objtype)) lock(parts, 'SHARE UPDATE EXCLUSIVE');
  // Columns of a type belong to no table.
  const isOfType = schema.types.has(keyOfName(resolveParts(schema, owner, schema.types)));
  if (objtype === 'OBJECT_COLUMN' && !isOfType) lock(owner, 'SHARE UPDATE EXCLUSIVE');
  if (commentedParts.has(objtype)) lock(owner, 'ACCESS SHARE');
}

/** GRANT and REVOKE lock what they name since 18 (aclchk.c). */
export function predictGrant(
  { schema, builder, oldestServer }: ImpactContext,
  statement: NodeOf<'GrantStmt'>,
): void {
  const { objtype, targtype, objects } = statement;
  const isNamed =
    targtype === 'ACL_TARGET_OBJECT' && (objtype === 'OBJECT_TABLE' || objtype === 'OBJECT_SEQUENCE');
  if (!isNamed || oldestServer < 18) return;
  for (const range of nodesOf(objects, 'RangeVar')) builder.lock(resolveRange(schema, range), 'ACCESS SHARE');
}

/** CREATE TRIGGER; on a partitioned table each partition gets one, too, if it is for each row. */
export function predictTrigger({ schema, builder }: ImpactContext, trigger: NodeOf<'CreateTrigStmt'>): void {
  const table = resolveRange(schema, trigger.relation);
  builder.lock(table, 'SHARE ROW EXCLUSIVE');
  if (trigger.constrrel) builder.lock(resolveRange(schema, trigger.constrrel), 'ACCESS SHARE');
  if (!trigger.row) return;
  for (const partition of partitionsOf(schema, table)) builder.lock(partition, 'SHARE ROW EXCLUSIVE');
}

/** CREATE POLICY and ALTER POLICY. */
export function predictPolicy(
  context: ImpactContext,
  { table, qual, with_check }: NodeOf<'CreatePolicyStmt'> | NodeOf<'AlterPolicyStmt'>,
): void {
  context.builder.lock(resolveRange(context.schema, table), 'ACCESS EXCLUSIVE');
  defineQuery(context, [qual, with_check]);
}

/** CREATE RULE. */
export function predictRule(
  context: ImpactContext,
  { relation, actions, whereClause }: NodeOf<'RuleStmt'>,
): void {
  context.builder.lock(resolveRange(context.schema, relation), 'ACCESS EXCLUSIVE');
  defineQuery(context, [actions, whereClause]);
}

/** CREATE STATISTICS. */
export function predictStatistics(
  { schema, builder }: ImpactContext,
  { relations }: NodeOf<'CreateStatsStmt'>,
): void {
  for (const range of nodesOf(relations, 'RangeVar'))
    builder.lock(resolveRange(schema, range), 'SHARE UPDATE EXCLUSIVE');
}

/** ALTER PUBLICATION: with SET, also the tables that it had before, which are not known. */
export function predictAlterPublication(
  context: ImpactContext,
  statement: NodeOf<'AlterPublicationStmt'>,
): void {
  predictPublication(context, statement);
  if (statement.action === 'AP_SetObjects' && statement.pubobjects) context.builder.hide();
}

/** CREATE PUBLICATION, for named tables. */
export function predictPublication(
  { schema, builder }: ImpactContext,
  { pubobjects }: Pick<NodeOf<'CreatePublicationStmt'>, 'pubobjects'>,
): void {
  for (const { pubtable } of nodesOf(pubobjects, 'PublicationObjSpec')) {
    if (!pubtable) continue;
    const table = resolveRange(schema, pubtable.relation);
    const isPartitioned = findRelation(schema, table)?.kind === 'partitioned table';
    const children = pubtable.relation?.inh && !isPartitioned ? descendantsOf(schema, table) : [];
    for (const one of [table, ...children]) builder.lock(one, 'SHARE UPDATE EXCLUSIVE');
  }
}

/** CREATE SEQUENCE; OWNED BY looks at the table. */
export function predictSequence(
  { schema, builder }: ImpactContext,
  { options }: Pick<NodeOf<'CreateSeqStmt'>, 'options'>,
): void {
  const owner = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'owned_by')?.arg;
  const parts = namePartsOf(nodeOf(owner, 'List')?.items);
  if (parts.length > 1)
    builder.lock(resolveParts(schema, parts.slice(0, -1), schema.relations), 'ACCESS SHARE');
}

/** ALTER SEQUENCE keeps others from drawing numbers. */
export function predictAlterSequence(context: ImpactContext, statement: NodeOf<'AlterSeqStmt'>): void {
  context.builder.lock(resolveRange(context.schema, statement.sequence), 'SHARE ROW EXCLUSIVE');
  predictSequence(context, statement);
}

/** ALTER DOMAIN: a new constraint is checked against all columns of that type, which are locked against writes. */
export function predictAlterDomain(
  { schema, builder }: ImpactContext,
  statement: NodeOf<'AlterDomainStmt'>,
): void {
  const { subtype, def } = statement;
  const isChecked =
    subtype === 'O' || subtype === 'V' || (subtype === 'C' && !nodeOf(def, 'Constraint')?.skip_validation);
  const domain = findDomain(schema, statement);
  if (!isChecked || !domain) return;
  for (const table of tablesWithType(schema, domain)) {
    builder.lock(table, 'SHARE');
    builder.scan(table);
  }
}

/** CREATE FUNCTION: a body in SQL is checked against the tables that it names, but is a text to everybody else. */
export function predictFunction(
  context: ImpactContext,
  { sql_body, options }: NodeOf<'CreateFunctionStmt'>,
): void {
  defineQuery(context, sql_body);
  const language = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'language');
  const isText = !sql_body && nodeOf(language?.arg, 'String')?.sval?.toLowerCase() === 'sql';
  if (isText) context.builder.hide();
}
