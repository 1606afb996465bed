/** Reads the SQL files that the page shows. */

import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Migration } from '../../graph/migration.js';
import type { PageFile, PageMigration } from '../../page/page-data.js';
import { findSqlFile } from '../../project/folder/load.js';
import { maskSecrets } from '../../secrets.js';

/** In bytes, and in characters: of longer files nothing, and of long texts the beginning is shown. */
const most = { bytes: 10_000_000, characters: 100_000 } as const;

/** @throws KatError FILES_INVALID when a file cannot be read. */
export function readPageFiles({ files }: Migration): Pick<PageMigration, 'up' | 'down'> {
  const up = readPageFile(files.up);
  const down = readPageFile(files.down);
  return { ...(up ? { up } : {}), ...(down ? { down } : {}) };
}

function readPageFile(path: string): PageFile | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const text = size > most.bytes ? '' : findSqlFile(path);
  if (text === undefined) return undefined;
  const read = text.slice(0, most.characters);
  const omitted = (size > most.bytes ? size : text.length) - read.length;
  // A password at the cut is masked whole.
  const shown = maskSecrets(text.slice(0, most.characters + longestSecret)).slice(0, read.length);
  return { path: `${basename(dirname(path))}/${basename(path)}`, text: shown, omitted };
}

const longestSecret = 2_000;
