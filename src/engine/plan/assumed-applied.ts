/** Reads the list of applied migrations that the user declares to plan without a database. */

import { KatError, type Problem } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { parseMigrationId } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';

/** One of the two. */
export interface AssumedApplied {
  /** These and all that they descend from, named as on the command line; `none` alone for nothing. */
  applied?: readonly string[] | undefined;
  /** Exactly these ids, oldest first; some may have no folder. */
  appliedIds?: readonly string[] | undefined;
}

/**
 * The ids that the user declares as applied, oldest first; undefined without a declaration, to query the database.
 * @throws KatError USAGE for an unknown reference, or when both forms are given.
 */
export function readAssumedApplied(
  folder: Graph,
  { applied, appliedIds }: AssumedApplied,
): readonly string[] | undefined {
  if (applied === undefined) return appliedIds && [...new Set(appliedIds)];
  if (appliedIds !== undefined || (applied.length > 1 && applied.includes('none'))) throw contradiction();
  if (applied.includes('none')) return [];
  const named = applied.flatMap((reference) => findMigrations(folder, reference).map(({ id }) => id));
  const ids = new Set([...named, ...folder.ancestors(named)]);
  return folder.migrations.map(({ id }) => id).filter((id) => ids.has(id));
}

function contradiction(): KatError {
  return new KatError('USAGE', '`--applied` and `--applied-from` cannot be combined', {
    help: 'Use only one of them; `none` cannot be combined with migrations.',
  });
}

/**
 * Reads a list of applied migrations: the document that `kat status --json` prints, or one id a line, oldest first, with
 * blank lines and comments behind `#`.
 * @param source what the text is called in messages.
 * @returns ids, oldest first.
 * @throws KatError USAGE with every line that is no id.
 */
export function parseAppliedList(text: string, source: string): string[] {
  const list = text.replace(/^\ufeff/, '').trim();
  return list.startsWith('{') ? parseStatus(list, source) : parseLines(list, source);
}

function parseLines(text: string, source: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  const wrong = lines.filter((line) => line !== '' && !parseMigrationId(line));
  if (wrong.length > 0) throw notAList(source, wrong);
  return lines.filter((line) => line !== '');
}

function notAList(source: string, lines: readonly string[]): KatError {
  const problems: Problem[] = lines
    .slice(0, 20)
    .map((line) => ({ message: `${JSON.stringify(line)} is not the id of a migration` }));
  return new KatError('USAGE', `${source} is not a list of applied migrations`, {
    problems,
    help: 'Write one id per line, oldest first, or pass the output of `kat status --json`.',
  });
}

interface StatusRow {
  id: string;
  appliedAt?: unknown;
}

function parseStatus(text: string, source: string): string[] {
  const rows = readRows(text)?.filter(isStatusRow);
  if (!rows) throw notAList(source, []);
  return rows.filter(({ appliedAt }) => appliedAt !== undefined).map(({ id }) => id);
}

function readRows(text: string): unknown[] | undefined {
  try {
    const { migrations } = JSON.parse(text) as { migrations?: unknown };
    return Array.isArray(migrations) ? migrations : undefined;
  } catch {
    return undefined;
  }
}

function isStatusRow(row: unknown): row is StatusRow {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string';
}
