/** Puts a fix into a migration, which may take several migrations in a row to hold it. */

import { readEffects } from '../../effects/read-effects.js';
import { type Parser, parseStatements, type Statement } from '../../parse.js';
import { assignDowns, changesByStatement, isChange } from './assign-downs.js';
import type { Draft } from './draft.js';
import { moveAhead, type ReadUnit } from './move-ahead.js';
import type { StatementFix } from './statement-fix.js';
import { groupUnits, takeApart, type Unit } from './units.js';

/**
 * @param statement index of the statement that the fix replaces
 * @returns drafts that follow each other; the first keeps the label. Undefined where the down.sql cannot be taken apart.
 */
export function applyFix(
  parser: Parser,
  draft: Draft,
  { statement, pieces }: { statement: number; pieces: StatementFix },
): Draft[] | undefined {
  const statements = parse(parser, draft.up);
  const taken = takeApart(draft, statements, [statement, pieces]).map((unit) => readUnit(parser, unit));
  const read = moveAhead(taken);
  const units = read.map(({ unit }) => unit);
  const groups = groupUnits(units);
  const downs = splitDown(parser, draft, read);
  if (!downs) return undefined;
  return groups.map((group, index) => {
    const [first] = group as [Unit, ...Unit[]];
    const isTransactional = first.isTransactional;
    return {
      label: index === 0 ? draft.label : first.label,
      up: tidy(group.map(({ text }) => text).join('')),
      down: draft.down === undefined ? undefined : downOf(group, downs, isTransactional),
      isTransactional,
    };
  });
}

function parse(parser: Parser, text: string): Statement[] {
  const parsed = parseStatements(parser, text);
  return Array.isArray(parsed) ? parsed : [];
}

/** By unit: what of the down.sql takes it back. */
type Downs = ReadonlyMap<Unit, readonly string[]>;

function readUnit(parser: Parser, unit: Unit): ReadUnit {
  const { effects, opaque, catalogQueries } = readEffects(parser, unit.text);
  const isOpaque = [...opaque, ...catalogQueries].some(({ when }) => when === 'now');
  return { unit, effects, isOpaque };
}

function splitDown(parser: Parser, { down = '' }: Draft, units: readonly ReadUnit[]): Downs | undefined {
  const parsed = parseStatements(parser, down);
  if (!Array.isArray(parsed)) return undefined;
  const ups = units.map(({ effects }) => effects.filter(isChange));
  const changes = changesByStatement(readEffects(parser, down), parsed.length);
  const assigned = assignDowns(ups, changes);
  const found = new Map<Unit, string[]>();
  for (const [index, { text }] of parsed.entries()) {
    const { unit } = units[assigned[index] ?? 0] as ReadUnit;
    found.set(unit, [...(found.get(unit) ?? []), text]);
  }
  return found;
}

/** What was made last goes first. */
function downOf(group: readonly Unit[], downs: Downs, isTransactional: boolean): string {
  const statements = [...group].reverse().flatMap((unit) => {
    const own = downs.get(unit) ?? [];
    const made = own.length === 0 && unit.undo !== undefined ? [unit.undo] : [];
    const always = unit.alwaysUndo === undefined ? [] : [unit.alwaysUndo];
    return [...always, ...made, ...own.map((text) => (isTransactional ? text : dropIndexAlone(text)))];
  });
  return statements.map((text) => `${text};\n`).join('');
}

/** Where it runs alone, an index may go without stopping anybody. */
function dropIndexAlone(text: string): string {
  const plain = /^(drop\s+index)\b(?!\s+concurrently)(?![^;]*(?:,|\bcascade\b))/i;
  return text.replace(plain, '$1 CONCURRENTLY');
}

function tidy(text: string): string {
  const trimmed = text.replace(/^\s*\n/, '').trimEnd();
  return `${trimmed}${trimmed.endsWith(';') || /--[^\n]*$/.test(trimmed) ? '' : ';'}\n`;
}
