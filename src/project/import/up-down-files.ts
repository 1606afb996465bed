/** Pairs files such as `1_users.up.sql` and `1_users.down.sql`. */

import { report } from './markers.js';
import { type SourceFolder, type SourceMigration, type SourceText, writtenDown } from './source.js';

interface Half {
  file: string;
  number: string;
  name: string;
}

/** The halves of one migration. */
export interface Pair {
  up?: Half;
  down?: Half;
}

const fileName = /^(\d+)_(.*)\.(up|down)\.sql$/;

/** @returns undefined when `file` is no half of a pair. */
export function parseHalf(file: string): (Half & { direction: 'up' | 'down' }) | undefined {
  const match = fileName.exec(file);
  if (!match) return undefined;
  const [, number = '', name = '', direction] = match;
  return { file, number, name, direction: direction as 'up' | 'down' };
}

/** @returns nothing when there is no way up, which is then among the problems. */
export function readPair(
  folder: SourceFolder,
  { up, down }: Pair,
  key: string,
): Omit<SourceMigration, 'parents'> | undefined {
  const downText = down && folder.read(down.file);
  if (!up) return downText && missingUp(folder, downText, down.file);
  const upText = folder.read(up.file);
  return (
    upText && {
      key,
      label: up.file,
      name: up.name,
      number: up.number,
      up: upText,
      ...writtenDown(downText),
      noTransaction: false,
    }
  );
}

function missingUp(folder: SourceFolder, source: SourceText, file: string): undefined {
  return report(folder, source, {
    message: `${file} has no ${file.replace(/\.down\.sql$/, '.up.sql')} beside it`,
    help: 'Bring the missing file back, or take this one away.',
  });
}
