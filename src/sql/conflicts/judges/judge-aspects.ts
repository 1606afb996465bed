/** Judges two migrations that touch one side of a relation: its columns as a whole, its rules, its keys, its settings. */

import type { KeyAccess } from '../../dependencies/access.js';
import { ownerKey } from '../../dependencies/catalogue.js';
import { mayFire } from '../../dependencies/consequences.js';
import { isKey } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { isChange, isUniqueIndex } from '../change-facts.js';
import type { Judge, Judgement, Side, Sides, TableKeys } from '../conflict.js';
import { addsFirst, swapped } from '../conflict.js';
import { isForAWhile } from '../for-a-while.js';
import { meetsChecks } from '../meets-checks.js';
import { judgeChanges } from './judge-alterations.js';
import {
  isLink,
  judgeChildColumn,
  judgeChildConstraint,
  judgeLinks,
  judgeParentColumn,
  judgePassedDetail,
  judgePassedOn,
  judgePlacement,
} from './judge-families.js';
import { judgeProperties } from './judge-properties.js';

const isRowChange = ({ action }: Effect) =>
  action === 'insert' || action === 'update' || action === 'delete' || action === 'read';

/** Columns come or go while somebody means all of them. */
export const judgeShape: Judge = addsFirst((one, other, { keys, ...sides }) => {
  const { effect } = other;
  // Two that come are both there in the end.
  if (other.mode !== 'read')
    return judgeTogether(one, other, keys) ?? swapped(judgeTogether(other, one, keys));
  if (effect?.usage === 'inheritance') return judgeChildKey(one, effect);
  if (isUnmissed(one, effect) || isForAWhile(one, other, sides.other)) return undefined;
  const isAgain = isMadeAgain(one, effect, sides.one);
  if (isAgain && one.verb === 'drops') return undefined;
  if (one.verb === 'creates' && effect?.usage === 'inserted columns' && isMadeAnew(one, sides.one))
    return undefined;
  if (effect?.usage === 'leading columns' || effect?.usage === 'inserted columns')
    return judgeWidth(one, effect, sides.one);
  if (effect?.usage === 'joined definition') return judgeParentColumn(one, effect);
  return isAgain ? undefined : judgeWhole(one, effect);
});

/** Whether the column comes back under its name, or whoever comes second makes the view of what there is then, which is judged apart. */
function isMadeAgain({ effect: column }: KeyAccess, use: Effect | undefined, { remakes }: Side): boolean {
  const isBack = column !== undefined && remakes(keyOf(column.object));
  return isBack || (isView(use?.by) && remakes(keyOf(use.by)));
}

/** All columns are meant, as they are. */
function judgeWhole({ verb, effect: change }: KeyAccess, effect: Effect | undefined): Judgement | undefined {
  const isCopy = effect?.usage === 'definition';
  if (verb === 'alters' && change?.change?.kind !== 'type') {
    return isCopy ? { code: 'changed-while-used', severity: 'warning' } : undefined;
  }
  // A row as one value is whatever it is by then, unless it is stored.
  const isRow = effect?.usage === 'whole row' && effect.by?.kind === 'view';
  const isFixed = isCopy || effect?.usage === 'copied columns' || (isView(effect?.by) && !isRow);
  return { code: 'changed-while-used', severity: isFixed ? 'error' : 'warning' };
}

/** Children get every change of their parents, but not of columns that decide about their own partitions (ATPrepAlterColumnType). */
function judgeChildKey({ verb, effect: change }: KeyAccess, { columns }: Effect): Judgement | undefined {
  if (!change || !columns?.includes(change.object.name)) return undefined;
  if (verb === 'alters' && change.change?.kind !== 'type') return undefined;
  return { code: 'changed-while-used', severity: 'error', ...(verb === 'alters' ? { first: 'one' } : {}) };
}

/** A column that nobody misses or that stays: IF EXISTS finds none, or the rule or constraint that uses its table goes along, or keeps it. */
function isUnmissed({ verb, existed, effect: change }: KeyAccess, use: Effect | undefined): boolean {
  // OR REPLACE VIEW keeps the columns that are there.
  if (verb === 'creates' && existed && change?.isReplacement) return true;
  if (verb !== 'drops') return false;
  const isOfPart = use?.isImplicit === true && !use.isShown;
  const goesAlong = isOfPart && (change?.isCascade === true || change?.isImplicit === true);
  return goesAlong || (change?.isConditional === true && !existed);
}

/** A column of a table that becomes a child or one OF a type at the same time. */
function judgeTogether(one: KeyAccess, other: KeyAccess, keys: TableKeys): Judgement | undefined {
  if (one.effect?.object.kind !== 'column') return undefined;
  const { change } = other.effect ?? {};
  if (change?.kind !== 'of type') return judgeChildColumn(one, other, keys);
  if (one.verb === 'alters' && one.effect.change?.kind !== 'type') return undefined;
  // Tables OF a type have the columns of the type (ATSimplePermissions, ATTypedTableRecursion).
  const before = one.verb === 'creates' ? undefined : 'one';
  const first = change.isOn ? before : 'other';
  return { code: 'changed-while-used', severity: 'error', ...(first ? { first } : {}) };
}

/** Whether the relation itself is made anew, which is judged apart. */
function isMadeAnew({ key }: KeyAccess, { remakes }: Side): boolean {
  return key.object !== undefined && remakes(keyOf(key.object));
}

/** An INSERT that names no columns, or that takes all columns of another table; new columns come last. */
function judgeWidth(
  { key, verb, effect: change }: KeyAccess,
  { usage, counts }: Effect,
  side: Side,
): Judgement | undefined {
  const isSource = usage === 'inserted columns';
  const isFull = counts !== undefined && counts.values >= counts.columns;
  if (verb === 'creates' && isSource)
    return { code: 'changed-while-used', severity: isFull ? 'error' : 'warning', first: 'other' };
  if (verb === 'creates')
    return counts && counts.values > counts.columns
      ? { code: 'needs', severity: 'error', first: 'one' }
      : undefined;
  if (verb === 'drops')
    return {
      code: 'dropped-while-used',
      // Others may take the values.
      severity: isFull && !isSource && !side.replacesColumns(key.text) ? 'error' : 'warning',
      first: 'other',
    };
  return change?.change?.kind === 'type' ? { code: 'changed-while-used', severity: 'warning' } : undefined;
}

/**
 * Children get every change of their parents but those with ONLY, which they get before alone; of keys only partitions get any. A
 * default of the child's own is there when the parent's comes, and otherwise takes its place.
 */
function judgeInheritedRule(rule: Effect, { change, valued = [] }: Effect): Judgement | undefined {
  const { object, isOnly = false, sets = {}, constraint, action, isRepeated } = rule;
  const isPartition = change?.kind === 'family' && change.link === 'partition';
  const isColumn = object.kind === 'column' && action === 'alter';
  const isDefault = isColumn && 'default' in sets && isOnly !== valued.includes(object.name);
  const isCopied = isDefault || (isColumn && isOnly && 'null' in sets && !isRepeated);
  return isCopied || (isOnly && isPartition && isKey(constraint))
    ? { code: 'changed-while-used', severity: 'error' }
    : undefined;
}

/** What rows get, must fulfil and set off changes while rows do. */
export const judgeRules: Judge = addsFirst((one, other, sides) => {
  const { keys } = sides;
  if (other.mode !== 'read') return judgeRuleChanges(one, other, sides);
  if (!one.effect || !other.effect) return { code: 'rows-meet-rules', severity: 'warning' };
  if (other.effect.usage === 'inheritance')
    return other.effect.isImplicit ? undefined : judgeInheritedRule(one.effect, other.effect);
  if (other.effect.usage === 'joined definition') return judgePassedOn(one, other.effect, keys);
  if (!isRowChange(other.effect) || !mattersToRows(one.effect, other.effect)) return undefined;
  if (isMissing(one.effect, other.effect))
    return { code: 'rows-meet-rules', severity: 'error', first: 'one' };
  // Owners of tables, who run migrations, are above policies unless they are forced upon them.
  const isPolicy = one.effect.object.kind === 'policy' || isChange(one.effect, 'for others');
  return { code: 'rows-meet-rules', severity: isPolicy ? 'info' : 'warning' };
});

function judgeRuleChanges(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const isJoining = one.key.kind === 'rules' && isLink(one.effect) !== isLink(other.effect);
  return isJoining ? judgeChildConstraint(one, other, sides.keys) : judgeTriggers(one, other, sides);
}

/** A new column that must have a value, beside rows that surely come without. */
function isMissing({ object, action, filling }: Effect, { isCertain, columns }: Effect): boolean {
  const isRequired = object.kind === 'column' && action === 'create' && filling === 'required';
  return isRequired && isCertain === true && columns?.includes(object.name) === false;
}

/** A new constraint refuses the same rows in both orders: when it is added, or when the row is written. */
function mattersToRows(effect: Effect, rows: Effect): boolean {
  const { object, action, change, filling, events = [], isImplicit } = effect;
  if (isImplicit && object.kind === 'constraint') return false;
  if (object.kind === 'constraint')
    return action === 'drop' || (action === 'create' && mayViolate(effect, rows));
  if (object.kind === 'column') {
    if (action === 'create') return filling === 'required';
    return action === 'alter' && changesFilling(effect) && rows.action === 'insert';
  }
  if (object.kind === 'trigger' && action === 'create') return mayFire(events, rows);
  return !isUniqueIndex(change) || mayViolate(effect, rows);
}

/** Whether the rows have new values that the constraint looks at; a column that is left out seldom refers to anything. */
function mayViolate(rule: Effect, rows: Effect): boolean {
  const { constraint, checks, columns: checked = [] } = rule;
  const { action, columns } = rows;
  // All of a row is checked anew, also what was there before; only foreign keys look at what is set (ExecConstraints).
  if (action === 'update' && rule.isUnchecked && constraint !== 'foreign key') return true;
  if (action === 'insert' && meetsChecks(rows.rows, checks)) return false;
  if (constraint === 'not null' || (action !== 'insert' && action !== 'update')) return false;
  const isOpen = !columns || checked.length === 0;
  return (
    isOpen ||
    (action === 'insert' && constraint !== 'foreign key') ||
    checked.some((name) => columns.includes(name))
  );
}

/** What is refused, or how an identity counts, changes no value that is left out. */
function changesFilling(effect: Effect): boolean {
  const { change } = effect;
  if (!change || !isChange(effect, 'filling')) return false;
  if (change.kind === 'not null') return !change.isOn;
  if (change.kind === 'expression') return change.isOn;
  return !(change.kind === 'identity' && change.verb === 'set');
}

function isView(object: ObjectId | undefined): object is ObjectId {
  return object?.kind === 'view' || object?.kind === 'materialized view';
}

/** Partitions and children come or go while others do, or while rows find their way. */
export const judgeParts: Judge = addsFirst((one, other) => {
  if (other.mode === 'read') return judgePlacement(one, other);
  return judgeLinks(one, other);
});

/** DISABLE TRIGGER ALL means those that are there, and foreign keys have triggers, too. */
function judgeTriggers(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (one.mode === 'write' && other.mode === 'write') return judgeChanges(one, other, sides);
  if (areSwitches(one, other)) return judgeChanges(one, other, sides);
  if (leavesTriggersOn(one, sides.one) || leavesTriggersOn(other, sides.other)) return undefined;
  const isForUsers = [one, other].some(
    ({ effect }) => effect?.change && 'isOfUsers' in effect.change && effect.change.isOfUsers,
  );
  const isNew = [one, other].some(
    ({ verb, effect }) => verb === 'creates' && bringsTriggers(effect, isForUsers),
  );
  return isNew ? { code: 'same-object', severity: 'error' } : undefined;
}

/** Whether all triggers are switched on in the end, as new ones are anyway. */
function leavesTriggersOn(access: KeyAccess, side: Side): boolean {
  return access.effect?.change?.kind === 'all triggers' && side.finalSets(access)?.enabled === 'origin';
}

function areSwitches(...accesses: readonly KeyAccess[]): boolean {
  return accesses.every(({ effect }) => effect?.action === 'alter');
}

/** The triggers of foreign keys are none that USER means. */
function bringsTriggers({ object, constraint }: Partial<Effect> = {}, isForUsers: boolean): boolean {
  return object?.kind === 'trigger' || (constraint === 'foreign key' && !isForUsers);
}

/** Foreign keys to a table come or go while its rows do. */
export const judgeReferences: Judge = addsFirst((one, other, sides) => {
  const { effect } = other;
  const isDropped = one.verb === 'drops';
  if (effect?.change?.kind === 'all triggers')
    return isDropped || leavesTriggersOn(other, sides.other)
      ? undefined
      : { code: 'same-object', severity: 'error' };
  if (effect?.rowAccess === 'truncation' && isRefusedTruncate(one, effect))
    return { code: 'rows-meet-rules', severity: 'error', first: isDropped ? 'one' : 'other' };
  return { code: 'rows-meet-rules', severity: 'warning' };
});

/** A table that is referred to is emptied only along with those that refer to it (heap_truncate_check_FKs). */
function isRefusedTruncate({ effect }: KeyAccess, { isCascade, together }: Effect): boolean {
  const constraint = effect?.object.kind === 'constraint' ? effect.object : effect?.by;
  const child = constraint && ownerKey(constraint);
  return isCascade !== true && together?.some((table) => keyOf(table) === child) !== true;
}

/** A logged table may not refer to an unlogged one; PostgreSQL checks every end of a foreign key. */
export const judgePersistence: Judge = addsFirst(({ effect }, { effect: reference, mode }) => {
  const { persistence } = effect?.sets ?? {};
  if (mode !== 'read') return judgeProperties(effect?.sets ?? {}, reference?.sets ?? {});
  const { end, other } = reference?.sets ?? {};
  const isRefused = end === 'referred' ? other === 'permanent' : other === 'unlogged';
  if (!isRefused) return undefined;
  const isNeeded = (persistence === 'permanent') === (end === 'referred');
  return { code: 'changed-while-used', severity: 'error', ...(isNeeded ? { first: 'one' } : {}) };
});

/** Settings, comments and the like: the last one holds. */
export const judgeSettings: Judge = (one, other, sides) => {
  if (one.mode === 'read' || other.mode === 'read') return judgeCopy(one, other, sides.keys);
  const objects = [one, other].map(({ effect }) => effect && keyOf(effect.object));
  // Of a column that gets one of them from a parent, the other is of the column itself.
  const isSame = objects[0] === objects[1] || one.key.object?.kind === 'column';
  return isSame ? judgeChanges(one, other, sides) : undefined;
};

function judgeCopy(one: KeyAccess, other: KeyAccess, keys: TableKeys): Judgement | undefined {
  const [reader, writer] = one.mode === 'read' ? [one, other] : [other, one];
  const isCopied = writer.effect?.object.kind === 'column' || isChange(writer.effect, 'copied');
  const passed = writer.effect && reader.effect && judgePassedDetail(writer.effect, reader.effect, keys);
  if (passed) return passed;
  return isCopied && reader.effect?.usage === 'definition'
    ? { code: 'changed-while-used', severity: 'warning' }
    : undefined;
}
