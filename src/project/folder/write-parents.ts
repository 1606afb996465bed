/** Changes the parents in `metadata.yaml` files and nothing else in them: all the files, or none. */

import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { ioErrorCode } from '../io-problem.js';
import { editParents } from '../metadata/edit-parents.js';
import { diskError, removeQuietly } from './disk-write.js';

/** What one file shall say. */
export interface NewParents {
  /** Id of the migration. */
  id: string;
  /** Its `metadata.yaml`. */
  file: string;
  /** Ids of all its parents. */
  parents: readonly string[];
}

/**
 * @param directory the migrations folder, where the former files are kept until all are written.
 * @throws KatError FILES_INVALID when a file cannot be edited or the disk refuses; then everything is as it was.
 */
export async function writeParents(directory: string, changes: readonly NewParents[]): Promise<void> {
  const edited: EditedFile[] = [];
  for (const change of changes) edited.push(await editFile(change));
  if (edited.length === 0) return;
  const aside = join(resolve(directory), '.kat-parents');
  makeAside(aside);
  const replaced: EditedFile[] = [];
  try {
    for (const one of edited) {
      mkdirSync(join(aside, one.id));
      writeFileSync(join(aside, one.id, 'metadata.yaml'), one.before);
      replaceFile(aside, one, one.after);
      replaced.push(one);
    }
  } catch (error) {
    for (const one of replaced) replaceFile(aside, one, one.before);
    removeQuietly(aside);
    throw diskError('write the parents in', directory, error);
  }
  removeQuietly(aside);
}

interface EditedFile {
  id: string;
  /** Where the file really is. */
  path: string;
  before: string;
  after: string;
}

async function editFile({ id, file, parents }: NewParents): Promise<EditedFile> {
  const { path, text } = readMetadata(file);
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const after = await editParents(file, text.slice(mark.length), parents);
  return { id, path, before: text, after: mark + after };
}

function readMetadata(file: string): { path: string; text: string } {
  try {
    const path = realpathSync(file);
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw diskError('read', file, error);
  }
}

/** A file is there with its old or its new text at any time. */
function replaceFile(aside: string, { path }: EditedFile, text: string): void {
  const draft = join(aside, 'draft');
  writeFileSync(draft, text, { mode: statSync(path).mode });
  renameSync(draft, path);
}

function makeAside(aside: string): void {
  try {
    mkdirSync(aside);
  } catch (error) {
    if (ioErrorCode(error) !== 'EEXIST') throw diskError('write', aside, error);
    throw new KatError('FILES_INVALID', `a change of parents that was interrupted has left ${aside} behind`, {
      help: 'It has the former metadata.yaml of each migration: bring them back, or let git do that, and delete it.',
    });
  }
}
