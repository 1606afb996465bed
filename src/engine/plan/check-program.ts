/** Checks what can be known of a migration's program without running it. */

import { basename } from 'node:path';
import type { Problem } from '../../errors.js';
import type { Direction, Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { findRivals } from '../../project/folder/rivals.js';
import { wholeFile } from '../../project/source-text.js';

/** What a program runs on. */
interface ProgramPlace {
  isSqlite: boolean;
}

/** @returns why the program must not be run. */
export function checkProgram(
  { id, files }: Migration,
  { direction, mode }: Step,
  { isSqlite }: ProgramPlace,
): Problem[] {
  const file = files[direction];
  const facts = { code: 'unfit-program', migration: id, location: wholeFile(file) } as const;
  const name = `${basename(file)} of ${id}`;
  return [
    ...(isSqlite
      ? [
          {
            ...facts,
            message: `${name} is a program, and programs run on PostgreSQL and PGlite alone`,
            help: 'Write the migration in SQL.',
          },
        ]
      : []),
    ...(mode === 'statements'
      ? [
          {
            ...facts,
            message: `${name} is a program, and its metadata.yaml has \`no_transaction: true\``,
            help: 'Remove `no_transaction`: a program runs in a transaction. Write other statements in a migration of their own, in SQL.',
          },
        ]
      : []),
    ...checkRivals({ id, files }, direction),
  ];
}

/** @returns what is wrong where the folder has two files for the direction. */
export function checkRivals({ id, files }: Pick<Migration, 'id' | 'files'>, direction: Direction): Problem[] {
  const file = files[direction];
  return findRivals(file, direction).map((rival) => ({
    code: 'two-files',
    message: `${id} has both ${basename(file)} and ${rival}`,
    location: wholeFile(file),
    help: 'Keep the file that is meant to run, and delete the other one.',
    migration: id,
  }));
}
