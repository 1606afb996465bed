/** Finds out whether git would take a file that was just written. */

import { dirname } from 'node:path';
import { runGit } from './run-git.js';

/** False outside of a repository, without git, and for an ignored file. */
export async function wouldTake(file: string): Promise<boolean> {
  const { code } = await runGit(dirname(file), ['check-ignore', '--quiet', file]);
  return code === 1;
}
