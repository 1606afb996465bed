/** Names and reads the contents of files as git keeps them. */

import { createHash } from 'node:crypto';
import { KatError } from '../../errors.js';
import { runGit } from './run-git.js';

/**
 * The name is a hash of the content, and of nothing else.
 * @param length of the repository's names: 40 or 64.
 */
export function blobName(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** @returns texts by the names of the blobs; those that the clone lacks are left out. @throws KatError FILES_INVALID */
export async function readBlobs(
  directory: string,
  objectIds: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (objectIds.length === 0) return texts;
  const answer = await askGit(directory, ['cat-file', '--batch'], `${objectIds.join('\n')}\n`);
  for (let at = 0; at < answer.length; ) {
    const headEnd = answer.indexOf(0x0a, at);
    const [objectId = '', , size] = answer.toString('latin1', at, headEnd).split(' ');
    // A clone without all of its objects says `missing` here, with no content behind it.
    const end = headEnd + 1 + Number(size ?? 0);
    if (size !== undefined) texts.set(objectId, answer.toString('utf8', headEnd + 1, end));
    at = size === undefined ? end : end + 1;
  }
  return texts;
}

/** @throws KatError FILES_INVALID when git fails. */
export async function askGit(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(directory, args, input);
  if (code === 0) return stdout;
  throw new KatError('FILES_INVALID', `git ${args[0]} failed: ${stderr.trim()}`, {
    help: 'Correct the problem that git reports, or turn the comparison off with `--git-base none`.',
  });
}
