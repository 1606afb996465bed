/** Orders units so that each comes behind what its statements name. */

import type { CreationUnit } from './units.js';

/**
 * Definitions name everything outside of pg_catalog with its schema, so a name in the text is a need. Function bodies are left
 * out: they are read when the function is called.
 * @returns the units in an order that loads; equal input gives equal output.
 */
export function orderUnits(units: readonly CreationUnit[]): CreationUnit[] {
  const waiting = sortByRank(units);
  const needs = findNeeds(waiting);
  const done = new Set<CreationUnit>();
  const ordered: CreationUnit[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex((unit) => [...(needs.get(unit) ?? [])].every((need) => done.has(need)));
    // Units that need each other: the first must do.
    const [next] = waiting.splice(Math.max(0, ready), 1) as [CreationUnit];
    done.add(next);
    ordered.push(next);
  }
  return ordered;
}

function sortByRank(units: readonly CreationUnit[]): CreationUnit[] {
  return units
    .map((unit, index) => ({ unit, index }))
    .sort(byRank)
    .map(({ unit }) => unit);
}

interface Numbered {
  unit: CreationUnit;
  index: number;
}

function byRank(a: Numbered, b: Numbered): number {
  return a.unit.rank - b.unit.rank || a.index - b.index;
}

function findNeeds(units: readonly CreationUnit[]): Map<CreationUnit, Set<CreationUnit>> {
  const providers = new Map<string, CreationUnit[]>();
  for (const unit of units)
    for (const name of unit.provides) providers.set(name, [...(providers.get(name) ?? []), unit]);
  return new Map(
    units.map((unit) => {
      const needed = namesIn(unit.statements).flatMap((name) => providers.get(name) ?? []);
      return [unit, new Set(needed.filter((other) => other !== unit && !areOverloads(other, unit)))];
    }),
  );
}

/** Functions of one name mean each other by name. */
function areOverloads(one: CreationUnit, other: CreationUnit): boolean {
  return one.provides.length > 0 && one.provides[0] === other.provides[0];
}

const part = /(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)/u.source;
const qualified = new RegExp(`(${part})\\.(${part}|[-+*/<>=~!@#%^&|\`?]+)`, 'gu');

/** Names with their schemas. */
function namesIn(statements: readonly string[]): string[] {
  const text = statements.map(withoutBody).join('\n');
  return [...text.matchAll(qualified)].map(([name]) => name);
}

/** `pg_get_functiondef` quotes bodies with a tag of its own; those of BEGIN ATOMIC stay. */
function withoutBody(statement: string): string {
  return statement.replace(/AS (\$[^$]*\$).*\1/s, '');
}
