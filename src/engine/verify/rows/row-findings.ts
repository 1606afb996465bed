/** Says what became of rows as findings. */

import { type KatError, MigrationError } from '../../../errors.js';
import type { Direction } from '../../../graph/migration.js';
import { wholeFile } from '../../../project/source-text.js';
import type { Effect, MigrationEffects } from '../../../sql/effects/effect.js';
import { qualifiedName, type SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';
import { fileWords } from '../file-words.js';
import { findEffect } from '../find-effect.js';
import type { VerifiedFiles, VerifyFinding } from '../findings.js';

/** Whose rows they are: Kat's own, those of fixtures.sql, or what earlier migrations have inserted. */
export type RowOrigin = 'sample' | 'fixtures' | 'history';

/** Rows that Kat makes may be unlike any that a table really has, and those of earlier migrations are often removed on purpose. */
const severityOf = (origin: RowOrigin) => (origin === 'fixtures' ? 'error' : 'warning');

/** up.sql failed although it ran on empty tables. */
export function failedOnRows(
  { migration }: VerifiedFiles,
  error: KatError,
  origin: RowOrigin,
): VerifyFinding {
  const [problem] = error.problems;
  return {
    code: 'up-fails-on-rows',
    severity: severityOf(origin),
    message: `${fileWords(migration).up} fails on tables with ${origin === 'fixtures' ? 'the rows of fixtures.sql' : 'sample rows'}: ${problem?.message ?? error.message}`,
    help: `Correct the rows in ${fileWords(migration).up} first, or write a fixtures.sql with the rows that the tables can have.`,
    migration: migration.id,
    location:
      (error instanceof MigrationError ? problem?.location : undefined) ?? wholeFile(migration.files.up),
  };
}

/** @param table the rows before up.sql */
export function lostRows(
  { migration, texts }: VerifiedFiles,
  table: SnapshotObject,
  { direction, origin }: { direction: Direction; origin: RowOrigin },
): VerifyFinding {
  const name = qualifiedName(table);
  const isUp = direction === 'up';
  const { up, down } = fileWords(migration);
  return {
    code: isUp ? 'up-loses-rows' : 'down-loses-rows',
    severity: severityOf(origin),
    message: isUp
      ? `${up} removes rows of table ${name}`
      : `the values of table ${name} are not the same after ${up} and ${down}`,
    help: 'If that is intended, write `data_loss: expected` into metadata.yaml. Otherwise keep the rows.',
    migration: migration.id,
    object: table,
    location: texts.locate('up', findRemoval(texts.up, table)),
  };
}

/** The DELETE or TRUNCATE of the table, of any other whose foreign keys reach it, or else the change of the table. */
function findRemoval(up: MigrationEffects, table: SnapshotObject): Effect | undefined {
  const removals = up.effects.filter(({ action, when }) => action === 'delete' && when !== 'later');
  const own = removals.find(({ object }) => object.name === splitIdentifier(table.name).at(-1));
  return own ?? findEffect(up, table, 'alter') ?? removals[0];
}

export function unfilledTable({ migration }: VerifiedFiles, table: string, reason: string): VerifyFinding {
  return {
    code: 'no-sample-rows',
    severity: 'info',
    message: `table ${table} was tried without rows: ${reason}`,
    help: `Write a fixtures.sql beside ${fileWords(migration).up} that inserts rows.`,
    migration: migration.id,
    location: wholeFile(migration.files.up),
  };
}
