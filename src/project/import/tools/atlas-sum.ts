/** Compares Atlas's files with `atlas.sum`, which has a hash of each file and all before it. */

import { createHash } from 'node:crypto';
import { warn } from '../markers.js';
import type { SourceFolder, SourceText } from '../source.js';

interface SummedFile {
  file: string;
  source: SourceText;
  /** Whether its text does not count, by `-- atlas:sum ignore`. */
  isIgnored: boolean;
}

/** Warns of the first file that does not match `atlas.sum`: all later hashes differ, too. */
export function checkAtlasSum(folder: SourceFolder, files: readonly SummedFile[]): void {
  const sum = folder.files.includes('atlas.sum') ? folder.read('atlas.sum') : undefined;
  if (!sum) return;
  const written = [...sum.text.matchAll(/^(.+?)\s+h1:(\S+)\s*$/gm)].map(
    ([, file, hash]) => `${file} ${hash}`,
  );
  const actual = hashesOf(files);
  const at = actual.findIndex((line, index) => line !== written[index]);
  const file = at < 0 ? undefined : files.filter(({ isIgnored }) => !isIgnored)[at];
  if (!file && written.length === actual.length) return;
  warn(folder, sum, {
    message: file
      ? `${file.file} is not as atlas.sum has it: it was added or edited since`
      : `atlas.sum has ${written[actual.length]?.split(' ')[0]}, which is not in the folder`,
    help: 'Compare it with your version control, and run `atlas migrate hash` when the folder is right.',
  });
}

function hashesOf(files: readonly SummedFile[]): string[] {
  const hash = createHash('sha256');
  return files.flatMap(({ file, source, isIgnored }) => {
    hash.update(file);
    if (isIgnored) return [];
    return `${file} ${hash.update(source.text).copy().digest('base64')}`;
  });
}
