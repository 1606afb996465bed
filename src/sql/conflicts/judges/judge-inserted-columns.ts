/** Judges an INSERT or UPDATE beside a change of a column that it gives a value or leaves out. */

import { present } from '../../../present.js';
import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect, StatementSettings } from '../../effects/effect.js';
import type { Judgement } from '../conflict.js';

const code = 'rows-meet-rules';

/**
 * @param one alters the column; `other` is about a column of an INSERT, with the properties that it had before.
 * @param left what the migration of `one` leaves set of the column
 */
export function judgeInsertedColumn(
  { effect: change }: KeyAccess,
  { effect: use }: KeyAccess,
  left: StatementSettings,
): Judgement | undefined {
  if (!change?.sets || !use) return undefined;
  const isGiven = use.usage === 'given';
  const judgement = isGiven ? judgeGiven(change, use) : judgeLeftOut(withFillings(change.sets, left), use);
  // Rows that a query brings may be none; values that may not be given are refused without them (rewriteTargetListIU).
  const isSure = isGiven ? !use.isInBranch : use.isCertain;
  return judgement && !isSure ? { ...judgement, severity: 'warning' } : judgement;
}

/** ALWAYS refuses values that somebody gives, and BY DEFAULT takes them. */
function judgeGiven({ sets = {} }: Effect, use: Effect): Judgement | undefined {
  const { identity, expression } = sets;
  const isForbidden = sets.null === 'forbidden' && use.sets?.null !== 'forbidden';
  // Rows with NULL fail in both orders, once there are any.
  if (isForbidden && use.nulls?.includes(use.object.name) !== false)
    return { code, severity: use.isCertain && use.nulls ? 'error' : 'warning' };
  const isFreed = expression === 'none' && isFilled({ expression: use.sets?.expression ?? '' });
  if (isFreed) return { code, severity: 'error', first: 'one' };
  if (identity === undefined || use.isOverriding) return undefined;
  const was = isAlways(use.sets?.identity);
  if (isAlways(identity)) return was ? undefined : { code, severity: 'error', first: 'other' };
  return was ? { code, severity: 'error', first: 'one' } : undefined;
}

/** ATTRIBUTE_IDENTITY_ALWAYS is `a` (catalog/pg_attribute.h). */
function isAlways(identity = ''): boolean {
  return /^added a$|"ival":97|"sval":"a"/.test(identity);
}

/** A column without a default that may not be NULL must be given a value. */
function judgeLeftOut(
  sets: NonNullable<Effect['sets']>,
  { sets: before = {} }: Effect,
): Judgement | undefined {
  const isRequired = before.null === 'forbidden';
  if (isFilled(sets))
    return isRequired && !isFilled(before) ? { code, severity: 'error', first: 'one' } : undefined;
  if (isEmptied(sets)) return isRequired ? { code, severity: 'error', first: 'other' } : undefined;
  if (isFilled(before)) return undefined;
  if (sets.null === 'forbidden') return isRequired ? undefined : { code, severity: 'error' };
  return sets.null === 'allowed' && isRequired ? { code, severity: 'error', first: 'one' } : undefined;
}

const fillings = ['default', 'identity', 'expression'] as const;

/** What fills the column in the end, where the change is about that. */
function withFillings(sets: StatementSettings, left: StatementSettings): StatementSettings {
  const isFilling = fillings.some((name) => name in sets);
  return isFilling ? { ...sets, ...present(pick(left)) } : sets;
}

function pick({ default: value, identity, expression }: StatementSettings) {
  return { default: value, identity, expression };
}

function isFilled(sets: NonNullable<Effect['sets']>): boolean {
  return fillings.some((name) => sets[name] !== undefined && sets[name] !== '' && sets[name] !== 'none');
}

function isEmptied(sets: NonNullable<Effect['sets']>): boolean {
  return fillings.some((name) => sets[name] === '' || sets[name] === 'none');
}
