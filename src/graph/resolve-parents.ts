/** Resolves written parents to migrations, or reports their problems. */

import type { Problem, SourceLocation } from '../errors.js';
import { cutLine } from '../source-line.js';
import { indexReplaced } from './check-replaced.js';
import { indexMigrations } from './index-migrations.js';
import { listIds, suggestIds } from './list-ids.js';
import type { ParentReference, RawMigration } from './migration.js';

/** One edge of the graph: the parent's number, and where it was written. */
export interface ResolvedParent {
  parent: number;
  reference: ParentReference;
}

/** Looking for similar names in a folder of thousands takes time; a person reads the first few suggestions only. */
const maxSuggestions = 20;

/**
 * @param migrations sorted as `compareMigrations` sorts; a migration's number is its place in this list.
 * @returns the parents of every migration in ascending order, each once; references that could not be resolved are
 *   left out of them and reported in the order of the migrations and then of the file.
 */
export function resolveParents(migrations: readonly RawMigration[]): {
  parents: ResolvedParent[][];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const index = indexMigrations(migrations);
  const replacedBy = indexReplaced(migrations);
  const numbers = new Map(migrations.map((migration, number) => [migration, number]));
  let lookups = 0;
  const suggest = (word: string) => {
    lookups += 1;
    return lookups > maxSuggestions ? [] : index.suggest(word);
  };
  const parents = migrations.map((migration) => {
    const resolved = new Map<RawMigration, ParentReference>();
    for (const reference of migration.parents) {
      const found = index.find(reference.text);
      const problem = checkReference(migration, reference, { found, suggest, replacedBy, resolved });
      if (problem) problems.push(problem);
      else if (found.length === 1) resolved.set(found[0] as RawMigration, reference);
    }
    return [...resolved]
      .map(([parent, reference]) => ({ parent: numbers.get(parent) as number, reference }))
      .sort((a, b) => a.parent - b.parent);
  });
  return { parents, problems };
}

interface Lookup {
  found: readonly RawMigration[];
  suggest(word: string): string[];
  /** The id of the migration that one was squashed into. */
  replacedBy(word: string): string | undefined;
  /** The parents that the same migration has named so far. */
  resolved: ReadonlyMap<RawMigration, ParentReference>;
}

function checkReference(
  migration: RawMigration,
  reference: ParentReference,
  lookup: Lookup,
): Problem | undefined {
  const { found, resolved } = lookup;
  const [parent, ...others] = found;
  if (!parent) return notFound(migration, reference, lookup);
  if (others.length > 0) return ambiguous(migration, reference, found);
  const earlier = resolved.get(parent);
  return earlier && repeated(migration, reference, earlier);
}

/** The place of a reference. A reference that is in no file is shown alone, above its caret. */
export function locateReference(
  migration: RawMigration,
  { text, line, column, sourceLine = ' '.repeat(column - 1) + text }: ParentReference,
): SourceLocation {
  const index = [...sourceLine].slice(0, column - 1).join('').length;
  const cut = cutLine(sourceLine, { start: 0, end: sourceLine.length }, index);
  return { file: migration.files.metadata, line, column, ...cut };
}

function notFound(
  migration: RawMigration,
  reference: ParentReference,
  { suggest, replacedBy }: Lookup,
): Problem {
  const squashed = replacedBy(reference.text);
  // Timestamps of one day are alike without having to do with each other.
  const isNumber = /^\d+$/.test(reference.text);
  const similar = squashed === undefined && !isNumber ? suggest(reference.text) : [];
  const others = similar.filter((id) => id !== migration.id);
  return {
    code: 'parent-not-found',
    title: 'Parent not found',
    message: `no migration matches the parent ${JSON.stringify(reference.text)} of ${migration.id}`,
    location: locateReference(migration, reference),
    help:
      squashed === undefined
        ? adviseOnLost(others)
        : `It was squashed into ${squashed}: name that migration instead.`,
    migration: migration.id,
  };
}

function adviseOnLost(similar: readonly string[]): string {
  return similar.length > 0
    ? suggestIds(similar, '')
    : 'If the folder of the parent was deleted, restore it from git. Otherwise correct the entry in metadata.yaml.';
}

/** Nothing when a timestamp is shared: another check reports that. */
function ambiguous(
  migration: RawMigration,
  reference: ParentReference,
  found: readonly RawMigration[],
): Problem | undefined {
  if (new Set(found.map(({ timestamp }) => timestamp)).size === 1) return undefined;
  const ids = found.map(({ id }) => id);
  return {
    code: 'ambiguous-parent',
    title: 'Ambiguous parent',
    message: `the parent ${JSON.stringify(reference.text)} of ${migration.id} is the name of ${listIds(ids)}`,
    location: locateReference(migration, reference),
    help: 'Write the timestamp of the intended migration.',
    migration: migration.id,
  };
}

function repeated(migration: RawMigration, reference: ParentReference, earlier: ParentReference): Problem {
  const isSameText = reference.text === earlier.text;
  const asWritten = isSameText ? '' : `, the first time as ${JSON.stringify(earlier.text)}`;
  return {
    code: 'duplicate-parent',
    title: 'Duplicate parent',
    message: `${migration.id} names the parent ${JSON.stringify(reference.text)} twice${asWritten}`,
    location: locateReference(migration, reference),
    help: `Delete one of them; the first is in line ${earlier.line}.`,
    migration: migration.id,
  };
}
