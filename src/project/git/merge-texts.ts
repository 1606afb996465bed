/** Merges three texts as git does without a merge driver. */

import { dirname } from 'node:path';
import { runGit } from './run-git.js';

/** Writes the merged text, with markers where both sides changed the same lines, in place of `ours`. */
export async function mergeTexts({
  base,
  ours,
  theirs,
}: Record<'base' | 'ours' | 'theirs', string>): Promise<void> {
  const labels = ['ours', 'base', 'theirs'].flatMap((label) => ['-L', label]);
  await runGit(dirname(ours), ['merge-file', ...labels, ours, base, theirs]);
}
