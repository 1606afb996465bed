/** Distinguishes relations and types in use from those that only this migration uses. */

import type { Node, RangeVar } from '@pgsql/types';
import type { Impact } from '../impact/impact.js';
import { resolveParts, resolveRange } from '../schema/schema.js';
import { namePartsOf, partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LintedStatement } from './rule.js';

/** The relation that is meant; undefined if this migration or a pending ancestor creates it, so that it is not in use. */
export function liveRelation(
  statement: LintedStatement,
  range: RangeVar | undefined,
): RelationName | undefined {
  if (!range) return undefined;
  const name = resolveRange(statement.schema, range);
  return statement.isNew(name) ? undefined : name;
}

/** One relation of a DROP. */
interface DroppedRelation {
  name: RelationName;
  /** UTF-16 index of its name in the up.sql. */
  at: number;
}

/** Those of a DROP's relations that others may be using. */
export function liveDropped(
  statement: LintedStatement,
  objects: readonly Node[] | undefined,
): DroppedRelation[] {
  const { schema } = statement;
  let at = statement.start;
  return (objects ?? []).flatMap((object) => {
    const name = resolveParts(schema, partsOf(object), schema.relations);
    // Names follow each other, so each is looked for behind the one before it.
    at = placeOfWord(statement, name.name, at);
    return statement.isNew(name) ? [] : [{ name, at }];
  });
}

/** The type that is meant; undefined when this migration or a pending ancestor makes it. */
export function liveType(
  { schema, isNewType }: LintedStatement,
  names: readonly Node[] | undefined,
): RelationName | undefined {
  const name = resolveParts(schema, namePartsOf(names), schema.types);
  return isNewType(name) ? undefined : name;
}

/** Whether something is known to be in a schema, and all of it is new. */
export function isNewSchema(statement: LintedStatement, schema: string): boolean {
  const inside = [...statement.schema.relations.values()].filter((relation) => relation.schema === schema);
  return inside.length > 0 && inside.every((relation) => statement.isNew(relation));
}

/** The impact without relations that only the migration itself uses, and without rows of tables that it has emptied. */
export function keepLive(
  impact: Impact,
  { isNew, isEmptied }: Pick<LintedStatement, 'isNew' | 'isEmptied'>,
): Impact {
  const isLive = (name: RelationName) => !isNew(name);
  const isFilled = (name: RelationName) => isLive(name) && !isEmptied(name, 'truncate');
  return {
    ...impact,
    locks: impact.locks.filter(({ relation }) => isLive(relation)),
    rewrites: impact.rewrites.filter(isFilled),
    scans: impact.scans.filter(isFilled),
    queries: impact.queries.filter(isFilled),
  };
}

/**
 * Where a name stands in a statement, for the nodes of the grammar that have no location.
 * @param word a name as the grammar gives it, a keyword in small letters, or a string with its quotes
 * @param behind UTF-16 index into the up.sql from which to look
 * @returns the beginning of the statement when the name is written in another way, as with escapes.
 */
export function placeOfWord(statement: LintedStatement, word: string, behind = statement.start): number {
  const from = Math.max(behind - statement.start, 0);
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const written = new RegExp(`(?<![\\w$"])(?:"${escaped}"|${escaped}(?![\\w$"]))`, 'gi');
  for (const found of statement.text.slice(from).matchAll(written)) {
    if (isMeant(found[0], word)) return statement.start + from + found.index;
  }
  return statement.start;
}

/** Without quotes, capitals do not matter, and a name that has some cannot be written. */
function isMeant(written: string, word: string): boolean {
  return (
    written === word || written === `"${word}"` || (/^\w/.test(written) && written.toLowerCase() === word)
  );
}
