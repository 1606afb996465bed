/** Judges a call beside the creation or removal of a function of that name: which of several it means. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { CallArguments, RoutineParameters } from '../../effects/effect-details.js';
import type { Judgement } from '../conflict.js';

/**
 * @param one creates a function beside others of its name, or gives it the name; `other` calls one of them, or names one without
 *   arguments.
 * @param functions the parameters of that function, and of all functions that are created with that name.
 */
export function judgeOverload(
  { effect: creation }: KeyAccess,
  { effect: use, verb }: KeyAccess,
  { all, parameters }: { all: readonly RoutineParameters[]; parameters: RoutineParameters | undefined },
): Judgement | undefined {
  if (!use) return undefined;
  if (creation?.object.kind === 'operator') return perhaps;
  if (!parameters) return undefined;
  if (verb === 'alters' && use.object.args === undefined) return ambiguous;
  const { call, by } = use;
  const types = call && typesFor(parameters, call);
  if (!types || !mayTake(types, call)) return undefined;
  const older = all.filter((one) => !isSameList(one, parameters));
  if (all.length > older.length + 1) return undefined;
  const rivals = older.filter((one) => mayTake(typesFor(one, call), call));
  if (rivals.length === 0) return { code: 'needs', severity: 'error', first: 'one' };
  const judgement = judgeRivals({ parameters, types }, rivals, call);
  const isBound = by !== undefined && by.kind !== 'function';
  return judgement === chosen && !isBound ? perhaps : judgement;
}

/**
 * As `judgeOverload`, where the creator itself has no other function of the name: another branch may have.
 * @param need the judgement for a function that is the only one.
 */
export function judgeNeededOverload(
  one: KeyAccess,
  other: KeyAccess,
  functions: { all: readonly RoutineParameters[]; parameters: RoutineParameters | undefined },
  need: Judgement,
): Judgement | undefined {
  const { all, parameters } = functions;
  const call = other.effect?.call;
  if (!call || !parameters) return need;
  const others = all.filter((each) => !isSameList(each, parameters));
  const rivals = others.map((each) => typesFor(each, call)).filter((types) => mayTake(types, call));
  if (rivals.length === 0 || all.length > others.length + 1) return need;
  const types = typesFor(parameters, call);
  if (!types || !mayTake(types, call)) return undefined;
  if (other.existed) return judgeOverload(one, other, functions);
  const isAnswered = !isExact(types, call) && rivals.some((rival) => isExact(rival ?? [], call));
  return isAnswered ? undefined : need;
}

const ambiguous: Judgement = { code: 'changed-while-used', severity: 'error', first: 'other' };
/** What is bound to a function keeps it. */
const chosen: Judgement = { code: 'changed-while-used', severity: 'error' };
const perhaps: Judgement = { code: 'changed-while-used', severity: 'warning' };

/** Exact types win, and equal types are ambiguous (FuncnameGetCandidates in catalog/namespace.c, func_get_detail in parse_func.c). */
function judgeRivals(
  { parameters, types }: { parameters: RoutineParameters; types: readonly string[] },
  rivals: readonly RoutineParameters[],
  call: CallArguments,
): Judgement | undefined {
  const others = rivals.map((one) => ({ one, types: typesFor(one, call) ?? [] }));
  const equal = others.filter((rival) => rival.types.join() === types.join());
  if (equal.length === others.length) {
    if (equal.every(({ one }) => !one.isVariadic) && parameters.isVariadic) return undefined;
    return ambiguous;
  }
  const lists = others.map((rival) => rival.types);
  if (lists.some((list) => isExact(list, call))) return undefined;
  return isPreferred(types, lists, call) ? chosen : perhaps;
}

/** Unknown literals are taken for texts where some function takes these. */
function isPreferred(
  types: readonly string[],
  rivals: readonly (readonly string[])[],
  { types: given }: CallArguments,
): boolean {
  return types.every((type, index) => {
    if (given[index] !== 'unknown') return given[index] === type;
    return type === 'text' && rivals.every((list) => list[index] !== 'text');
  });
}

function isExact(types: readonly string[], { types: given }: CallArguments): boolean {
  return types.every((type, index) => type === given[index]);
}

function isSameList({ types }: RoutineParameters, { types: others }: RoutineParameters): boolean {
  return types.join() === others.join();
}

/** @returns for each argument the type that it must have; undefined where the function cannot be called so. */
export function typesFor(parameters: RoutineParameters, { names }: CallArguments): string[] | undefined {
  const { types, defaults, isVariadic } = parameters;
  const places = names.map((name, index) => (name === '' ? index : parameters.names.indexOf(name)));
  const last = types.length - 1;
  const isTaken = places.every((place) => place >= 0 && (place <= last || isVariadic));
  const filled = new Set(places.map((place) => Math.min(place, last)));
  const required = types.length - defaults;
  const isFull = types.every((_, index) => index >= required || filled.has(index));
  if (!isTaken || !isFull) return undefined;
  return places.map((place) => {
    const type = types[Math.min(place, last)] ?? '';
    return isVariadic && place >= last ? type.replace(/\[\]$/, '') : type;
  });
}

/** Whether arguments of known types can become those of the parameters. */
function mayTake(types: readonly string[] | undefined, { types: given }: CallArguments): boolean {
  return types?.every((type, index) => mayBecome(given[index] ?? '', type)) === true;
}

/** Types that PostgreSQL converts by itself, each into all behind it (pg_cast.dat). */
const widening: readonly string[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

function mayBecome(given: string, wanted: string): boolean {
  const [from, to] = [widening.indexOf(given), widening.indexOf(wanted)];
  return given === '' || from < 0 || given === wanted || wanted.startsWith('any') || to >= from;
}
