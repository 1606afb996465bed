/** Recomputes a schema file while git merges it, from the merged migrations instead of the three texts. */

import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { KatError, type SourceLocation } from '../../../errors.js';
import type { Finding } from '../../../findings.js';
import { buildGraph, type Graph } from '../../../graph/graph.js';
import { loadMigrations } from '../../../project/folder/load.js';
import { findRepositoryRoot } from '../../../project/folder/repository-root.js';
import { mergeTexts } from '../../../project/git/merge-texts.js';
import { saveFile } from '../../../project/save-file.js';
import { checkBetween } from '../../check/check.js';
import type { DriverFiles, SchemaConflict } from '../result.js';
import {
  buildFolder,
  commandToWrite,
  formatFiles,
  renderFolder,
  type SchemaPlace,
  type SchemaTarget,
  shownPath,
} from '../schema-text.js';
import { mergeIds } from './merge-ids.js';
import { findMergedFolder, type MergedFolder } from './merged-folder.js';

export interface MergeSetting {
  /** Its folder is absolute. */
  place: SchemaPlace;
  on: string | undefined;
  target: SchemaTarget;
}

/** The migrations of the merged file, or why there is none. */
export type SchemaMerge = { migrations: readonly string[] } | { conflict: SchemaConflict };

/**
 * Writes the merged file in place of `files.ours`; where the merged folder is unknown or its branches do not commute, git's own merge of
 * the texts, for a person to replace.
 * @throws KatError FILES_INVALID.
 */
export async function mergeSchema(setting: MergeSetting, files: DriverFiles): Promise<SchemaMerge> {
  const merged = files.path.endsWith('.migrations')
    ? mergeIdsFile(files)
    : await mergeSql(setting, files).catch((error: unknown) => ({
        conflict: conflictOf(error, setting.target),
      }));
  if ('conflict' in merged) await mergeTexts(files);
  return merged;
}

/** The ids are a set, so three texts say all. */
function mergeIdsFile({ base, ours, theirs }: DriverFiles): SchemaMerge {
  const [before, one, other] = [base, ours, theirs].map((file) => readFileSync(file, 'utf8'));
  const { text, ids } = mergeIds({ base: before as string, ours: one as string, theirs: other as string });
  saveFile(ours, text);
  return { migrations: ids };
}

async function mergeSql(setting: MergeSetting, files: DriverFiles): Promise<SchemaMerge> {
  const { place, on, target } = setting;
  const { directory } = place;
  const top = findRepositoryRoot(directory);
  if (top === undefined) return { conflict: unknown('the migrations folder is in no repository', target) };
  const path = relative(top, directory).split(sep).join('/');
  const merged = await findMergedFolder({ top, path }, files);
  if ('reason' in merged) return { conflict: unknown(merged.reason, target) };
  try {
    const graph = buildGraph(await loadMigrations(merged.directory));
    const findings = await findOrderConflicts(merged, { ...setting, graph });
    if (findings.length > 0) return { conflict: orderConflict(findings, merged, setting) };
    const rendered = await renderFolder({ ...place, directory: merged.directory }, graph, on);
    const text = formatFiles(target, rendered).get(resolve(files.path));
    if (text === undefined)
      return { conflict: unknown('the merged migrations do not make its object', target) };
    saveFile(files.ours, text);
    return { migrations: graph.migrations.map(({ id }) => id).sort() };
  } catch (error) {
    throw inProject(error, merged.directory, directory);
  } finally {
    merged.remove();
  }
}

async function findOrderConflicts(
  { directory, added }: MergedFolder,
  { place, on, graph }: MergeSetting & { graph: Graph },
): Promise<Finding[]> {
  if (place.isSqlite) {
    const build = (ids: ReadonlySet<string>) => buildFolder(place, { directory, graph, on, first: [...ids] });
    const { tryBothOrders } = await import('./try-both-orders.js');
    return tryBothOrders(added, build);
  }
  const findings = await checkBetween(directory, [added.ours, added.theirs]);
  return findings.filter(({ severity }) => severity === 'error');
}

function orderConflict(
  findings: readonly Finding[],
  merged: MergedFolder,
  { place: { directory }, target }: MergeSetting,
): SchemaConflict {
  const move = (location: SourceLocation) => ({
    ...location,
    file: resolve(directory, relative(merged.directory, location.file)),
  });
  return {
    reason: 'the order of migrations of the two branches matters',
    help: `Correct the migrations, then ${howToWrite(target)}`,
    findings: findings.map(({ location, related, ...finding }) => ({
      ...finding,
      ...(location ? { location: move(location) } : {}),
      ...(related ? { related: related.map((place) => ({ ...place, location: move(place.location) })) } : {}),
    })),
  };
}

function unknown(reason: string, target: SchemaTarget): SchemaConflict {
  return { reason, help: `Complete the merge of the migrations, then ${howToWrite(target)}`, findings: [] };
}

function conflictOf(error: unknown, target: SchemaTarget): SchemaConflict {
  if (!(error instanceof KatError) || error.code === 'CANCELLED') throw error;
  const [problem] = error.problems;
  return unknown(problem?.message ?? error.message, target);
}

function howToWrite(target: SchemaTarget): string {
  return `run \`${commandToWrite(target)}\` and \`git add ${shownPath(target)}\`.`;
}

/** Messages name files of the project, not of the temporary folder. */
function inProject(error: unknown, from: string, to: string): unknown {
  if (!(error instanceof KatError)) return error;
  const move = (text: string) => text.replaceAll(from, to);
  const problems = error.problems.map((problem) => ({ ...problem, message: move(problem.message) }));
  return new KatError(error.code, move(error.message), { problems, cause: error });
}
