/** Rewrites the three files of a migration folder, as a part of a change. */

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StagedEntry } from './stage-change.js';

/** The texts of a migration's files; without `down` it has none. */
export interface FolderTexts {
  up: string;
  down?: string | undefined;
  metadata: string;
}

/**
 * @param root the migrations folder, absolute.
 * @returns the folder of migration `id` with these texts; whatever else is in it stays.
 */
export function rewrittenFolder(root: string, id: string, texts: FolderTexts): StagedEntry {
  return {
    path: id,
    kind: 'replacement',
    write: (target) => {
      cpSync(join(root, id), target, { recursive: true });
      writeTexts(target, texts);
    },
  };
}

function writeTexts(folder: string, { up, down, metadata }: FolderTexts): void {
  writeFileSync(join(folder, 'up.sql'), up);
  writeFileSync(join(folder, 'metadata.yaml'), metadata);
  if (down === undefined) rmSync(join(folder, 'down.sql'), { force: true });
  else writeFileSync(join(folder, 'down.sql'), down);
}
