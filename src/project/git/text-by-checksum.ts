/** Finds an earlier text of a file in git by its checksum. */

import { runGit } from './run-git.js';

/** More versions of one migration are not looked at. */
const maxVersions = 100;

/**
 * @param path relative to `directory`, with `/`.
 * @param fits whether a text is the wanted one.
 * @returns undefined where no commit of any branch has it, and without git.
 */
export async function findTextInGit(
  directory: string,
  path: string,
  fits: (text: string) => boolean,
): Promise<string | undefined> {
  const log = await runGit(directory, ['log', '--all', `-${maxVersions}`, '--format=%H', '--', path]);
  if (log.code !== 0) return undefined;
  for (const commit of log.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')) {
    // Of a commit that deletes the file, the one before has it.
    for (const revision of [commit, `${commit}^`]) {
      const { code, stdout } = await runGit(directory, ['show', `${revision}:./${path}`]);
      const text = stdout.toString('utf8');
      if (code === 0 && fits(text)) return text;
    }
  }
  return undefined;
}
