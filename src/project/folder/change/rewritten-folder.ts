/** Rewrites the three files of a migration folder, as a part of a change. */

import { cpSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { StagedEntry } from './stage-change.js';

/** The texts of a migration's files; without `down` it has none. */
export interface FolderTexts {
  up: string;
  down?: string | undefined;
  metadata: string;
}

/**
 * A link stays, and the folder that it leads to is rewritten. In the folder, a file takes the place of a link: what that leads to
 * may be another migration's.
 * @param root the migrations folder, absolute.
 * @returns the folder of migration `id` with these texts; whatever else is in it stays.
 */
export function rewrittenFolder(root: string, id: string, texts: FolderTexts): StagedEntry {
  const folder = realpathSync(join(root, id));
  return {
    path: relative(realpathSync(root), folder),
    kind: 'replacement',
    write: (target) => {
      cpSync(folder, target, { recursive: true, verbatimSymlinks: true });
      writeTexts(target, texts);
    },
  };
}

function writeTexts(folder: string, { up, down, metadata }: FolderTexts): void {
  for (const [name, text] of Object.entries({ 'up.sql': up, 'down.sql': down, 'metadata.yaml': metadata })) {
    rmSync(join(folder, name), { force: true });
    if (text !== undefined) writeFileSync(join(folder, name), text);
  }
}
