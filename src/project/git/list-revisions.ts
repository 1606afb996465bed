/** Lists the names of branches and tags. */

import { runGit } from './run-git.js';

/** @returns nothing where `directory` is in no repository. */
export async function listRevisions(directory: string): Promise<string[]> {
  const { code, stdout } = await runGit(directory, ['for-each-ref', '--format=%(refname:short)']);
  return code === 0 ? stdout.toString('utf8').split('\n').filter(Boolean) : [];
}
