/** Finds the top of a working tree without asking git, which may not be there. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder at or above `directory` that holds `.git`, which is a file in worktrees; undefined where there is none. */
export function findRepositoryRoot(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
