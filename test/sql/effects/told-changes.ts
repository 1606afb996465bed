/** Holds what the history's catalogue knows of a text's changes, with all that goes along, against the catalogs. */

import { emptyCatalogue } from '../../../src/sql/dependencies/catalogue.js';
import { collectMigration } from '../../../src/sql/dependencies/collect/collect.js';
import { indexNames } from '../../../src/sql/dependencies/collect/collector.js';
import type { MigrationEffects } from '../../../src/sql/effects/effect.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import type { Parser } from '../../../src/sql/syntax/parse.js';
import { chain } from './catalog/dependents.js';
import type { Change } from './catalog/snapshot.js';
import type { Outcome } from './oracle.js';

/** The changes that the dependencies of a text know nothing about, when it follows another. */
export function findUnknownChanges(parser: Parser, beginning: MigrationEffects, outcome: Outcome): string[] {
  const catalogue = emptyCatalogue();
  const names = { askedNames: indexNames([]) };
  collectMigration(catalogue, beginning, names);
  const { accesses } = collectMigration(catalogue, readEffects(parser, outcome.sql), names);
  // Whoever writes everything depends on all that came before.
  if (accesses.some(({ key, mode }) => key === '*' && mode === 'write')) return [];
  const keysOf = (...modes: string[]) =>
    new Set(accesses.filter(({ mode }) => modes.includes(mode)).map(({ key }) => key.replaceAll('"', '')));
  const accessed = { changed: keysOf('add', 'write'), written: keysOf('write') };
  return outcome.changes
    .filter((change) => !isOfExtension(change, outcome))
    .filter((change) => !isAccessed(change, outcome, accessed))
    .map(({ key, how, fields }) => `not known: ${key} is ${how} ${fields}`.trim());
}

interface Accessed {
  /** What is added to or written. */
  changed: ReadonlySet<string>;
  written: ReadonlySet<string>;
}

/** Members come, move and go with their extension, which may also be made anew. */
function isOfExtension({ key, how, fields }: Change, { statements }: Outcome): boolean {
  const moment = how === 'gone' ? statements[0]?.before : statements.at(-1)?.after;
  const isMoved = how !== 'changed' || fields.includes('extension');
  return isMoved && moment?.get(key)?.isMember === true;
}

const aspects = ['options', 'privileges', 'comment', 'shape', 'rules', 'parts', 'details', 'rows'];

/** An object itself, the aspect of it that changed, or the whole that it comes, goes or changes with. */
function isAccessed({ key, how, fields }: Change, outcome: Outcome, { changed, written }: Accessed): boolean {
  const path = key.slice(key.indexOf(':') + 1);
  // A composite type is a relation, too.
  const same = [key, `rel:${path}`, `type:${path}`];
  const own = [...same, ...aspects.flatMap((name) => same.map((one) => `${name} of ${one}`))];
  if (own.some((one) => changed.has(one))) return true;
  if (key.startsWith('default privileges:') && changed.has(`schema:${path}`)) return true;
  const { around, heirOf } = surroundings(key, outcome);
  // The shape is written when a table joins or leaves a family.
  const whole = [...around, ...around.flatMap((one) => [`shape of ${one}`, `privileges of ${one}`])];
  if (whole.some((one) => written.has(one))) return true;
  if (how === 'changed' && isKnownPart(path, fields, { around, changed, written })) return true;
  const schemas = key.startsWith('extension:') ? ['public'] : [path.split('.')[0]];
  if (how === 'gone' && schemas.some((schema) => written.has(`contents of schema:${schema}`))) return true;
  return heirOf.some((one) => changed.has(one)) || written.has(`server:${key.split(' on ')[1]}`);
}

function isKnownPart(
  path: string,
  fields: readonly string[],
  { around, changed, written }: Accessed & { around: readonly string[] },
): boolean {
  if (fields.every(isOwned)) return around.some((one) => changed.has(`options of ${one}`));
  if (fields.every(isRebuilt)) return around.some((one) => changed.has(`rules of ${one}`));
  const schema = path.split('.')[0];
  return fields.every((field) => /acl$/.test(field)) && written.has(`privileges in schema:${schema}`);
}

/** Indexes and sequences have the owner of their table, and are logged with it. */
function isOwned(field: string): boolean {
  return /(owner|persistence)$/.test(field);
}

/** A column with another type has other indexes and another sequence; and a constraint makes it NOT NULL. */
function isRebuilt(field: string): boolean {
  return field === 'index' || field === 'sequence' || field === 'attnotnull';
}

function surroundings(key: string, { statements }: Outcome): { around: string[]; heirOf: readonly string[] } {
  const moments = [statements[0]?.before, statements.at(-1)?.after].filter((moment) => moment !== undefined);
  return {
    around: moments.flatMap((moment) => chain(moment, key).slice(1)),
    heirOf: moments.flatMap((moment) => moment.get(key)?.heirOf ?? []),
  };
}
