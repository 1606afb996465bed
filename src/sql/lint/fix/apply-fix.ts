/** Applies a fix to a migration, which may become several consecutive migrations. */

import type { Effect } from '../../effects/effect.js';
import { readEffects } from '../../effects/read-effects.js';
import { type Parser, parseStatements } from '../../syntax/parse.js';
import { divideDown } from './divide-down.js';
import type { Draft } from './draft.js';
import { moveAhead, type ReadUnit } from './move-ahead.js';
import { isLocalConfig, keepsSessionState, outliveStatement } from './session-state.js';
import type { StatementFix } from './statement-fix.js';
import { type Group, groupUnits, isByStatement, takeApart, type Unit } from './units.js';

/**
 * @param statement index of the statement that the fix replaces
 * @returns drafts that follow each other; the first keeps the label. Undefined where one of the files cannot be taken apart, or its parts
 *   would share what lives in a session.
 */
export function applyFix(
  parser: Parser,
  draft: Draft,
  { statement, pieces }: { statement: number; pieces: StatementFix },
): Draft[] | undefined {
  const { statements = [] } = parseStatements(parser, draft.up);
  const taken = takeApart(draft, statements, [statement, pieces]);
  const read = taken && readUnits(parser, taken.units);
  if (!read) return undefined;
  const units = moveAhead(read);
  const groups = groupUnits(units.map(({ unit }) => unit));
  if (groups.length > 1 && statements.some(({ node }) => keepsSessionState(node))) return undefined;
  if (draft.hasDeferredChecks && draft.isTransactional && changeRowsApart(groups, units)) return undefined;
  if (groups.some(isByStatement) && statements.some(({ node }) => isLocalConfig(node))) return undefined;
  const downs = divideDown(parser, draft, { units, groups });
  if (!downs) return undefined;
  const about = taken.about.map((line) => `${line}\n`).join('');
  return groups.map((group, index) => ({
    label: index === 0 && draft.label !== 'continued' ? draft.label : group.label,
    up: upOf(group, index === 0 || about === '' ? '' : `${about}\n`),
    down: downs[index],
    isTransactional: group.isTransactional,
    ...(draft.hasDeferredChecks ? { hasDeferredChecks: true } : {}),
  }));
}

/** Whether rows would be changed in several transactions: a row of one may refer to a row of another. */
function changeRowsApart(groups: readonly Group[], units: readonly ReadUnit[]): boolean {
  const changing = new Set(units.filter(mayChangeRows).map(({ unit }) => unit));
  return groups.filter((group) => group.units.some((unit) => changing.has(unit))).length > 1;
}

function mayChangeRows({ effects, isOpaque }: ReadUnit): boolean {
  return isOpaque || effects.some(({ action }) => rowChanges.has(action));
}

const rowChanges: ReadonlySet<Effect['action']> = new Set(['insert', 'update', 'delete', 'call']);

/** Read together, as the search path of one is that of the next. */
function readUnits(parser: Parser, units: readonly Unit[]): ReadUnit[] | undefined {
  const text = units.map((unit) => unit.text).join('');
  if (parseStatements(parser, text).statements?.length !== units.length) return undefined;
  const { effects, opaque, catalogQueries } = readEffects(parser, text);
  const unknown = [...opaque, ...catalogQueries].filter(({ when }) => when === 'now');
  return units.map((unit, index) => ({
    unit,
    effects: effects.filter((effect) => effect.statement === index),
    isOpaque: unit.setting !== undefined || unknown.some((one) => one.statement === index),
  }));
}

function upOf({ units, settings, isTransactional }: Group, about: string): string {
  const repeated = settings.map((setting) => `${setting};\n`);
  const texts = [...repeated, ...units.map(({ text }) => text)];
  const adapted = isTransactional ? texts : texts.map(outliveStatement);
  return `${about}${adapted
    .join('')
    .replace(/^\s*\n/, '')
    .trimEnd()}\n`;
}
