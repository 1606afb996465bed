/** Puts one migration folder into the place of several: all of it happens, or nothing. */

import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { ioErrorCode } from '../io-problem.js';
import { diskError, removeQuietly } from './disk-write.js';

/** The texts of a migration's files; without `down` it has none. */
export interface FolderTexts {
  up: string;
  down?: string | undefined;
  metadata: string;
}

/** The new folder is in its place, and the old ones are kept aside until one of these is called. */
export interface Replacement {
  /** Brings everything back as it was. */
  undo(): void;
  /** Deletes the old folders. */
  finish(): void;
}

/**
 * @param root the migrations folder, absolute.
 * @param kept the folder whose three files get these texts; whatever else is in it stays.
 * @param former names of the folders that go.
 * @throws KatError FILES_INVALID when the disk refuses; then everything is as it was.
 */
export function replaceFolders(
  root: string,
  { kept, texts }: { kept: string; texts: FolderTexts },
  former: readonly string[],
): Replacement {
  const aside = join(root, `.kat-replace-${kept}`);
  makeAside(aside);
  const moved: string[] = [];
  const undo = () => {
    for (const name of moved.splice(0).reverse()) renameSync(join(aside, 'old', name), join(root, name));
    removeQuietly(aside);
  };
  try {
    cpSync(join(root, kept), join(aside, 'new'), { recursive: true });
    writeTexts(join(aside, 'new'), texts);
    mkdirSync(join(aside, 'old'));
    for (const name of [...former, kept]) {
      renameSync(join(root, name), join(aside, 'old', name));
      moved.push(name);
    }
    renameSync(join(aside, 'new'), join(root, kept));
  } catch (error) {
    undo();
    throw diskError('replace the folders in', root, error);
  }
  return {
    undo: () => {
      rmSync(join(root, kept), { recursive: true, force: true });
      undo();
    },
    finish: () => removeQuietly(aside),
  };
}

function makeAside(aside: string): void {
  try {
    mkdirSync(aside);
  } catch (error) {
    if (ioErrorCode(error) !== 'EEXIST') throw diskError('write', aside, error);
    throw new KatError('FILES_INVALID', `a change that was interrupted has left ${aside} behind`, {
      help: 'Bring the folders in its `old` back to where they were, or let git do that, and delete it.',
    });
  }
}

function writeTexts(folder: string, { up, down, metadata }: FolderTexts): void {
  writeFileSync(join(folder, 'up.sql'), up);
  writeFileSync(join(folder, 'metadata.yaml'), metadata);
  if (down === undefined) rmSync(join(folder, 'down.sql'), { force: true });
  else writeFileSync(join(folder, 'down.sql'), down);
}
