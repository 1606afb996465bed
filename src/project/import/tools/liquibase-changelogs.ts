/** Finds Liquibase's SQL files in the order in which the changelogs of a folder include them. */

import { dirname, join, normalize, sep } from 'node:path';
import { leaveOut, reportFile, reportMarker } from '../markers.js';
import type { SourceFolder, SourceText } from '../source.js';
import { listFilesBelow } from '../source-folder.js';

interface Changelog {
  path: string;
  source: SourceText;
}

/** A file or folder that a changelog names. */
const inclusion = /\binclude(All)?\b[^>]*?\b(?:file|path)\b["']?\s*[=:]\s*["']?([^"'\s>,}]+)/g;
const ownChanges = /<changeSet\b|\bchangeSet["']?\s*:/;

/** @returns paths from the folder. Without a changelog all SQL files count that have Liquibase's first line, by their names. */
export function listChangelogs(folder: SourceFolder): string[] {
  const paths = listFilesBelow(folder.root).sort();
  const changelogs = paths.flatMap((path) => readChangelog(folder, path));
  if (changelogs.length === 0) return paths.filter((path) => isFormatted(folder, path));
  const included = new Map(
    changelogs.map((changelog) => [changelog, readIncluded(folder, changelog, paths)]),
  );
  const all = new Set([...included.values()].flat());
  const order = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) return;
    const changelog = changelogs.find((candidate) => candidate.path === path);
    if (!changelog) order.add(path);
    else for (const next of included.get(changelog) ?? []) visit(next, [...above, path]);
  };
  for (const { path } of changelogs.filter((changelog) => !all.has(changelog.path))) visit(path, []);
  const unused = paths.filter((path) => path.endsWith('.sql') && !order.has(path));
  for (const path of unused) leaveOut(folder, path, 'no changelog includes it');
  return [...order].filter((path) => path.endsWith('.sql'));
}

function readChangelog(folder: SourceFolder, path: string): Changelog[] {
  if (!/\.(?:xml|ya?ml|json)$/i.test(path)) return [];
  const source = folder.read(path);
  if (!source?.text.includes('databaseChangeLog')) return [];
  const at = ownChanges.exec(source.text);
  if (at) {
    reportMarker(folder, source, {
      message: `${path} has changesets that are not SQL`,
      help: 'Write them as formatted SQL, in a copy of the folder: `liquibase update-sql` prints what they run.',
      index: at.index,
    });
  }
  return [{ path, source }];
}

function isFormatted(folder: SourceFolder, path: string): boolean {
  if (!path.endsWith('.sql')) return false;
  const source = folder.read(path);
  if (!source) return false;
  if (/^\s*--\s*liquibase\s*formatted/i.test(source.text)) return true;
  leaveOut(folder, path, 'it does not begin with `--liquibase formatted sql`');
  return false;
}

function readIncluded(folder: SourceFolder, { path, source }: Changelog, paths: readonly string[]): string[] {
  return [...source.text.matchAll(inclusion)].flatMap(([, all, target = '']) => {
    const found = all ? findBelow(path, target, paths) : findFile(path, target, paths);
    if (found.length === 0) reportFile(folder, path, missingFile(path, target));
    return found.filter((other) => other !== path);
  });
}

/** From the changelog's own folder, or from a search path that ends somewhere above. */
function findFile(from: string, target: string, paths: readonly string[]): string[] {
  const wanted = plainPath(target);
  const beside = normalize(join(dirname(from), wanted));
  const found =
    paths.find((path) => path === beside) ??
    paths.find((path) => wanted === path || wanted.endsWith(`${sep}${path}`));
  return found === undefined ? [] : [found];
}

function findBelow(from: string, target: string, paths: readonly string[]): string[] {
  const wanted = plainPath(target).replace(/[\\/]+$/, '');
  const folders = [normalize(join(dirname(from), wanted)), wanted];
  const isIn = (path: string, folder: string) => folder === '.' || path.startsWith(`${folder}${sep}`);
  const beside = paths.filter((path) => folders.some((folder) => isIn(path, folder)));
  if (beside.length > 0) return beside;
  return paths.filter((path) => dirname(path) !== '.' && wanted.endsWith(`${sep}${dirname(path)}`));
}

function plainPath(target: string): string {
  return normalize(target.replace(/^classpath\*?:/, '').replace(/^\/+/, ''));
}

function missingFile(path: string, target: string) {
  return {
    message: `${path} includes ${target}, which is not in the folder`,
    help: 'Give the folder in which the changelog and all that it includes lie.',
  };
}
