/** Changes the parents in `metadata.yaml` files and nothing else in them, as a part of a change. */

import { realpathSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { readRegularFile } from '../../../regular-file.js';
import { editParents } from '../../metadata/edit-parents.js';
import { diskError } from '../disk-write.js';
import { type StagedEntry, stageChange } from './stage-change.js';

/** The new content of one file. */
export interface NewParents {
  /** Its `metadata.yaml`. */
  file: string;
  /** Ids of all its parents. */
  parents: readonly string[];
}

/**
 * All the files, or none.
 * @param command that makes the change.
 * @throws KatError FILES_INVALID when a file cannot be edited or the disk refuses; then everything is as it was.
 */
export async function writeParents(
  command: string,
  directory: string,
  changes: readonly NewParents[],
): Promise<void> {
  const put = await rewrittenParents(directory, changes);
  if (put.length > 0) stageChange(directory, { command, put }).apply();
}

/** @throws KatError FILES_INVALID when a file cannot be edited. */
export async function rewrittenParents(
  directory: string,
  changes: readonly NewParents[],
): Promise<StagedEntry[]> {
  const entries: StagedEntry[] = [];
  for (const change of changes) entries.push(await rewrite(directory, change));
  return entries;
}

/** A symbolic link stays, and what it leads to is rewritten. */
async function rewrite(directory: string, { file, parents }: NewParents): Promise<StagedEntry> {
  const { path, mode, text } = readMetadata(file);
  const after = await editMarked(file, text, parents);
  return {
    path: relative(realpathSync(directory), path),
    kind: 'replacement',
    write: (target) => writeFileSync(target, after, { mode }),
  };
}

async function editMarked(file: string, text: string, parents: readonly string[]): Promise<string> {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  return mark + (await editParents(file, text.slice(mark.length), parents));
}

function readMetadata(file: string): { path: string; mode: number; text: string } {
  try {
    const path = realpathSync(file);
    return { path, mode: statSync(path).mode, text: readRegularFile(path).toString('utf8') };
  } catch (error) {
    throw diskError('read', file, error);
  }
}
