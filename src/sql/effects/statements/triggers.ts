/** Reads triggers, event triggers, rules and policies: what happens by itself when a table is used. */

import { isBuiltinFunction } from '../../postgres/builtin-names.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { TriggerEvent } from '../change.js';
import {
  contextOfBody,
  contextOfDefinition,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  type ReaderContext,
} from '../context.js';
import type { Effect, StatementSettings } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { type Scope, scopeOf } from '../expressions/scope.js';
import { isBuiltin } from '../expressions/type-names.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { useRoles } from './role-names.js';

/** The function of a trigger is needed at once, and runs whenever rows change. */
export function readTrigger(context: ReaderContext, trigger: NodeOf<'CreateTrigStmt'>): void {
  const { trigname, relation, funcname, columns, whenClause, replace, constrrel, events } = trigger;
  const table = usedRelation(context, relation);
  const object = partOf(table, 'trigger', trigname ?? '');
  const isConditional = replace ? { isConditional: true } : {};
  const own = eventsOf(events);
  emitCreate(context, object, { at: relation?.location, events: own, ...isConditional });
  const inner = contextOfDefinition(context, object);
  emitUse(inner, table, relation?.location);
  for (const column of namePartsOf(columns)) emitUse(inner, partOf(table, 'column', column));
  if (constrrel) emitUse(inner, usedRelation(context, constrrel), constrrel.location);
  readExpression(inner, whenClause, rowsOf(table));
  const names = namePartsOf(columns);
  runLater(context, object, {
    called: namePartsOf(funcname),
    events: own,
    ...(trigger.row ? { row: table } : {}),
    ...(names.length > 0 ? { columns: names } : {}),
    ...(whenClause ? { isGuess: true } : {}),
  });
}

/** Bits as in pg_trigger.h; TRUNCATE takes rows away, too. */
const eventBits: readonly [bit: number, event: TriggerEvent][] = [
  [4, 'insert'],
  [8, 'delete'],
  [16, 'update'],
  [32, 'truncate'],
];

function eventsOf(events = 0): TriggerEvent[] {
  return eventBits.flatMap(([bit, event]) => ((events & bit) === 0 ? [] : [event]));
}

function runLater(
  context: ReaderContext,
  by: ObjectId,
  {
    called,
    ...words
  }: { called: readonly string[] } & Pick<Effect, 'events' | 'row' | 'columns' | 'isGuess'>,
): void {
  if (isBuiltin(context, 'function', called, isBuiltinFunction)) return;
  const object = usedName(context, 'function', called);
  emitUse(contextOfDefinition(context, by), object);
  emit(contextOfBody(context, by), { action: 'call', object, ...words });
}

/** A row before and after the change; names without NEW or OLD mean neither (transformRuleStmt in parser/parse_utilcmd.c). */
function rowsOf(table: ObjectId): Scope {
  return {
    sources: [
      { alias: 'new', relation: table, isQualified: true },
      { alias: 'old', relation: table, isQualified: true },
    ],
    ctes: new Set(),
  };
}

/** An event trigger sees every change of the schema that follows. */
export function readEventTrigger(
  context: ReaderContext,
  { trigname, funcname }: NodeOf<'CreateEventTrigStmt'>,
): void {
  const object: ObjectId = { kind: 'event trigger', name: trigname ?? '' };
  emitCreate(context, object);
  runLater(context, object, { called: namePartsOf(funcname) });
  emitOpaque(context, 'an event trigger');
}

/** Enabling or disabling one. */
export function readAlterEventTrigger(
  context: ReaderContext,
  { trigname, tgenabled }: NodeOf<'AlterEventTrigStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: { kind: 'event trigger', name: trigname ?? '' },
    sets: { enabled: tgenabled ?? '' },
  });
  emitOpaque(context, 'an event trigger');
}

/** The INSTEAD actions of a rule happen whenever the table is used. */
export function readRule(context: ReaderContext, rule: NodeOf<'RuleStmt'>): void {
  const { relation, rulename, whereClause, actions, replace } = rule;
  const table = usedRelation(context, relation);
  const object = partOf(table, 'rule', rulename ?? '');
  emitCreate(context, object, { at: relation?.location, ...(replace ? { isConditional: true } : {}) });
  const inner = contextOfDefinition(context, object);
  emitUse(inner, table, relation?.location);
  emitUse(inner, table, relation?.location, 'all columns');
  readExpression(inner, [whereClause, actions], rowsOf(table));
}

/** A policy may look at other tables. */
export function readPolicy(context: ReaderContext, policy: NodeOf<'CreatePolicyStmt'>): void {
  const { policy_name, table: range, roles, qual, with_check } = policy;
  const table = usedRelation(context, range);
  const object = partOf(table, 'policy', policy_name ?? '');
  emitCreate(context, object, { at: range?.location });
  const inner = contextOfDefinition(context, object);
  emitUse(inner, table, range?.location);
  useRoles(inner, roles, 'granted');
  readExpression(inner, [qual, with_check], scopeOf(table));
}

/** New conditions or roles. */
export function readAlterPolicy(context: ReaderContext, policy: NodeOf<'AlterPolicyStmt'>): void {
  const { policy_name, table: range, roles, qual, with_check } = policy;
  const table = usedRelation(context, range);
  const object = partOf(table, 'policy', policy_name ?? '');
  emit(context, { action: 'alter', object, at: range?.location, sets: policySettings(policy) });
  const inner = contextOfDefinition(context, object);
  useRoles(inner, roles, 'granted');
  readExpression(inner, [qual, with_check], scopeOf(table));
}

function policySettings({ roles, qual, with_check }: NodeOf<'AlterPolicyStmt'>): StatementSettings {
  return {
    ...(roles ? { roles: textOfNode(roles) } : {}),
    ...(qual ? { using: textOfNode(qual) } : {}),
    ...(with_check ? { 'with check': textOfNode(with_check) } : {}),
  };
}

/** SET CONSTRAINTS names constraints, if not all of them. */
export function readSetConstraints(
  context: ReaderContext,
  { constraints, deferred = false }: NodeOf<'ConstraintsSetStmt'>,
): void {
  for (const range of nodesOf(constraints, 'RangeVar')) {
    const { schema = 'public', name } = usedRelation(context, range);
    const object: ObjectId = { kind: 'constraint', schema, name };
    emit(context, {
      action: 'use',
      object,
      at: range.location,
      usage: deferred ? 'deferred' : 'checked now',
    });
  }
}
