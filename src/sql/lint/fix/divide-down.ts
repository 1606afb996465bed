/** Distributes a split migration's down.sql over the new migrations. */

import type { Change } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { readEffects } from '../../effects/read-effects.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { type Parser, parseStatements } from '../../syntax/parse.js';
import { type Assigned, assignDown, changesSchema } from './assign-downs.js';
import type { Draft } from './draft.js';
import type { ReadUnit } from './move-ahead.js';
import { isLocalConfig, outliveStatement } from './session-state.js';
import { cutSlices, type Slice } from './slices.js';
import { splitStatement } from './split-commands.js';
import { type Group, isByStatement } from './units.js';

/** The new parts of up.sql. */
interface Ups {
  /** In the order in which they run. */
  units: readonly ReadUnit[];
  groups: readonly Group[];
}

/** A statement of the down.sql, with the unit that it goes with. */
interface Entry {
  unit: number;
  text: string;
}

/** Written where nothing has to be taken back. */
const nothing = '-- Nothing to take back.\n';

/** @returns a down.sql for each group, undefined ones where there is none; undefined as a whole where it cannot be divided. */
export function divideDown(parser: Parser, draft: Draft, ups: Ups): (string | undefined)[] | undefined {
  const { down } = draft;
  if (down === undefined) return ups.groups.map(() => undefined);
  const read = readDown(parser, down, ups);
  const finer = read?.some((one) => spreads(ups, one)) ? split(parser, read) : undefined;
  const divided = finer === undefined ? read : readDown(parser, finer, ups);
  if (!divided) return undefined;
  const settings = divided.filter(({ slice }) => slice.isSetting);
  const others = divided.filter(({ slice }) => !slice.isSetting);
  if (others.length === 0) return ups.groups.map(() => down);
  if (ups.groups.length > 1 && !canDivide(ups, divided)) return undefined;
  if (ups.groups.some(isByStatement) && settings.some(({ slice }) => isLocalConfig(slice.statement.node)))
    return undefined;
  const heads = settings.map(({ slice }) => textOf(slice));
  return ups.groups.map((group) => {
    const head = (isByStatement(group) ? heads.map(outliveStatement) : heads).join('');
    return partFor(ups, group, { others, head });
  });
}

interface ReadDown extends Assigned {
  slice: Slice;
  effects: readonly Effect[];
  /** Whether it does something that no statement of the up.sql is known to have to do with. */
  isUnplaced: boolean;
  isOpaque: boolean;
}

function readDown(parser: Parser, text: string, { units }: Ups): ReadDown[] | undefined {
  const { statements } = parseStatements(parser, text);
  const slices = statements && cutSlices(text, statements, { isTransactional: true });
  if (!slices) return undefined;
  const { effects, opaque } = readEffects(parser, text);
  const changes = units.map((unit) => unit.effects.filter(changesSchema));
  return slices.map((slice) => {
    const index = statements.indexOf(slice.statement);
    const own = effects.filter((effect) => effect.statement === index && changesSchema(effect));
    const isOpaque = opaque.some(({ statement, when }) => statement === index && when === 'now');
    const assigned = assignDown(changes, own);
    const isPlaced = assigned.undone.length > 0 || assigned.touched.length > 0;
    const isCall = effects.some((effect) => effect.statement === index && effect.action === 'call');
    const isUnplaced = !isPlaced && (isCall || own.length > 0);
    return { slice, effects: own, isOpaque, isUnplaced, ...assigned };
  });
}

/** Whether a statement takes back what is in several groups now, or may go with several; pieces of one fix take back each other. */
function spreads({ units, groups }: Ups, { undone, touched }: Assigned): boolean {
  const meant = undone.length > 0 ? undone : touched;
  const found = meant.map((index) => (units[index] as ReadUnit).unit);
  if (found.every(({ isNew }) => isNew)) return false;
  return new Set(found.map((unit) => groups.findIndex((group) => group.units.includes(unit)))).size > 1;
}

function split(parser: Parser, read: readonly ReadDown[]): string {
  return read
    .map(({ slice: { lead, sql, rest, statement } }) => {
      const texts = splitStatement(parser, { node: statement.node, text: sql });
      return `${lead}${texts.join(';\n')};${rest}`;
    })
    .join('');
}

/** Settings must hold for everything, and nothing may be unknown, nor belong to several. */
function canDivide(ups: Ups, read: readonly ReadDown[]): boolean {
  const first = read.findIndex(({ slice }) => !slice.isSetting);
  const isMixed = read.slice(first).some(({ slice }) => slice.isSetting);
  const isUnsure = read.some((one) => one.isOpaque || one.isUnplaced || spreads(ups, one));
  return !isMixed && !isUnsure && areNamedBack(ups, read);
}

/** Whether each new name is taken back: a statement is found by what it names. With a table, all in it has another name. */
function areNamedBack({ units }: Ups, read: readonly ReadDown[]): boolean {
  const back = new Set(
    read.flatMap(({ effects }) => effects.map(({ object, to }) => to && namesIn(to, object))),
  );
  const kept = units.filter(({ unit }) => !unit.isNew).flatMap(({ effects }) => effects);
  return kept.every(
    ({ object, to, change }) =>
      !to || !isNaming(change) || (!holdsOthers.has(object.kind) && back.has(namesIn(object, to))),
  );
}

function isNaming(change: Change | undefined): boolean {
  return change?.kind === 'rename' || change?.kind === 'set schema';
}

function namesIn(one: ObjectId, other: ObjectId): string {
  return `${keyOf(one)} ${keyOf(other)}`;
}

const holdsOthers: ReadonlySet<ObjectKind> = new Set([
  'domain',
  'foreign table',
  'materialized view',
  'relation',
  'schema',
  'table',
  'type',
  'view',
]);

function textOf({ lead, sql, rest }: Slice): string {
  return `${lead.replace(/^\s*\n/, '')}${sql};${rest}`;
}

function partFor(
  { units }: Ups,
  group: Group,
  { others, head }: { others: readonly ReadDown[]; head: string },
): string {
  const isOwn = (index: number) => group.units.includes((units[index] as ReadUnit).unit);
  const entries = others
    .map((one) => ({ unit: one.undone.at(-1) ?? one.touched.at(-1) ?? 0, slice: one.slice }))
    .filter(({ unit }) => isOwn(unit))
    .map(({ unit, slice }): Entry => ({ unit, text: adapt(group, units[unit] as ReadUnit, textOf(slice)) }));
  const undone = new Set(others.flatMap((one) => [...one.undone, ...one.touched.slice(-1)]));
  for (const index of [...units.keys()].filter(isOwn).reverse()) {
    const { undo, alwaysUndo } = (units[index] as ReadUnit).unit;
    const made = alwaysUndo ?? (undone.has(index) ? undefined : undo);
    if (made !== undefined) insert(entries, { unit: index, text: `${made};\n` });
  }
  if (entries.length === 0) return nothing;
  return `${head}${entries.map(({ text }) => text).join('')}`;
}

/** Objects created later are dropped first. */
function insert(entries: Entry[], entry: Entry): void {
  const at = entries.findIndex(({ unit }) => unit < entry.unit);
  entries.splice(at < 0 ? entries.length : at, 0, entry);
}

/** A statement that runs alone may create and drop an index without blocking. */
function adapt({ isTransactional }: Group, { unit }: ReadUnit, text: string): string {
  if (isTransactional || !unit.isNew) return text;
  return text
    .replace(/^(drop\s+index)\b(?!\s+concurrently)(?![^;]*(?:,|\bcascade\b))/im, '$1 CONCURRENTLY')
    .replace(/^(create\s+(?:unique\s+)?index)\b(?!\s+concurrently)/im, '$1 CONCURRENTLY');
}
