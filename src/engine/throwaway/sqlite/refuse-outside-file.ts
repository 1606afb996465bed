/** Finds SQL that would reach other files than the throwaway database. */

import { splitSqliteMigration } from '../../../connections/sqlite/split-statements.js';
import { KatError } from '../../../errors.js';
import { type Direction, isProgram, type Migration } from '../../../graph/migration.js';
import { findSqlFile } from '../../../project/folder/load.js';

const outside = 'which is another file than the throwaway database';

/** @returns such as `attaches 'archive.db', which …`; undefined where none of the SQL files reaches another file. */
export function describeOutsideFile(files: readonly string[]): string | undefined {
  const texts = files.filter((file) => !isProgram(file)).map((file) => findSqlFile(file) ?? '');
  return texts.map(findOutsideFile).find(Boolean);
}

function findOutsideFile(text: string): string | undefined {
  for (const { head } of splitSqliteMigration(text)) {
    const [first] = head.map(({ value }) => value);
    if (first === 'ATTACH') {
      const file = head[head[1]?.value === 'DATABASE' ? 2 : 1]?.text ?? '';
      if (!/^'(?::memory:)?'$/.test(file)) return `attaches ${file}, ${outside}`;
    }
    const target = first === 'VACUUM' ? head[head.findIndex(({ value }) => value === 'INTO') + 1] : undefined;
    if (target && target !== head[0]) return `writes ${target.text}, ${outside}`;
  }
  return undefined;
}

/** @throws KatError USAGE for the first migration whose files reach another file, which must stay as it is. */
export function refuseOutsideMigrations(
  migrations: readonly Pick<Migration, 'id' | 'files'>[],
  directions: readonly Direction[],
): void {
  for (const { id, files } of migrations)
    refuse(id, describeOutsideFile(directions.map((direction) => files[direction])));
}

/** As `refuseOutsideMigrations`. @param name of the text */
export function refuseOutsideFile(name: string, text: string): void {
  refuse(name, findOutsideFile(text));
}

function refuse(name: string, found: string | undefined): void {
  if (found === undefined) return;
  throw new KatError('USAGE', `${name} ${found}`, {
    help: 'Nothing was executed: Kat executes only what stays in one file.',
  });
}
