/** Says what a trial showed as findings. */

import { existsSync } from 'node:fs';
import { type KatError, MigrationError } from '../../errors.js';
import type { Finding, Severity } from '../../findings.js';
import { listIds } from '../../graph/list-ids.js';
import type { Direction, Migration } from '../../graph/migration.js';
import { wholeFile } from '../../project/source-text.js';
import type { SchemaDifference } from '../../sql/snapshot/difference.js';
import type { SnapshotObject } from '../../sql/snapshot/snapshot.js';
import { explainOwnTable } from '../throwaway/own-table.js';
import { type VerifyCode, verifyKinds } from '../verify-codes.js';
import { fileWords, withFileWords } from './file-words.js';
import { findEffect } from './find-effect.js';
import type { MigrationTexts } from './migration-texts.js';
import { trialLedger } from './trial.js';

/** One migration with its SQL. */
export interface VerifiedFiles {
  migration: Migration;
  texts: MigrationTexts;
}

/** A finding with the object that it is about, where it is about one. */
export interface VerifyFinding extends Finding {
  code: VerifyCode;
  object?: SnapshotObject;
}

const help = (code: VerifyCode, migration: Migration) =>
  withFileWords(migration, verifyKinds[code].solution.replaceAll('`', ''));

/** What to do where up.sql fails, at first and when it runs again. */
const adviceOnUp = {
  first: 'Correct up.sql, or add the missing parent.',
  second: 'Correct down.sql, which does not restore the former state.',
};

/** @param occasion such as ` after down.sql` */
export function failureFinding(
  { migration }: VerifiedFiles,
  error: KatError,
  { direction, occasion = '' }: { direction: Direction; occasion?: string },
): VerifyFinding {
  const code = `${direction}-fails` as const;
  const [problem] = error.problems;
  const isOwn = error instanceof MigrationError;
  const advice =
    direction === 'up'
      ? withFileWords(migration, adviceOnUp[occasion ? 'second' : 'first'])
      : help(code, migration);
  return {
    code,
    severity: 'error',
    message: `${withFileWords(migration, `${direction}.sql fails${occasion}`)}: ${problem?.message ?? error.message}`,
    help: explainOwnTable(error, trialLedger) ?? (isOwn ? undefined : problem?.help) ?? advice,
    migration: migration.id,
    location: problem?.location ?? wholeFile(migration.files[direction]),
  };
}

/** @param others ids of migrations that had run before, and that it does not follow. */
export function otherOrderFinding(
  { migration: { id, files } }: VerifiedFiles,
  { problems: [problem], message }: KatError,
  others: readonly string[],
): VerifyFinding {
  const [only, ...more] = others;
  const which = more.length === 0 ? 'which it does not follow' : 'of which it follows none';
  return {
    code: 'order-fails',
    severity: 'error',
    message: `${id} fails if it runs after ${listIds(others, 3)}, ${which}: ${problem?.message ?? message}`,
    help:
      more.length === 0
        ? `Add ${id} to the parents of ${only}.`
        : 'Run kat verify --order, which finds the pair, and add the parent that it names.',
    migration: id,
    location: problem?.location ?? wholeFile(files.up),
  };
}

/** Nothing was tried, so it is no error. */
export function missingDownFinding({ migration }: VerifiedFiles): VerifyFinding {
  const { id, files } = migration;
  const { down } = fileWords(migration);
  const lack = existsSync(files.down) ? `${down} of ${id} has no statements` : `${id} has no ${down}`;
  return {
    code: 'down-missing',
    severity: 'warning',
    message: `${lack}, so the rollback was not tested`,
    help: help('down-missing', migration),
    migration: id,
    location: wholeFile(files.up),
  };
}

/** @param isThere whether the object existed between up.sql and down.sql */
export function wayBackFinding(
  { migration, texts }: VerifiedFiles,
  difference: SchemaDifference,
  isThere: (object: SnapshotObject) => boolean,
): VerifyFinding {
  const object = (difference.before ?? difference.after) as SnapshotObject;
  const { up, down } = fileWords(migration);
  const place = (direction: Direction, action: 'create' | 'alter' | 'drop') =>
    texts.locate(direction, findEffect(texts[direction], object, action));
  const common = { severity: severityOf(difference), migration: migration.id, object };
  if (difference.change === 'added') {
    const message = `${down} leaves ${difference.object}`;
    return {
      ...common,
      code: 'down-leaves',
      message,
      help: help('down-leaves', migration),
      location: place('up', 'create'),
    };
  }
  if (difference.change === 'removed') {
    const isDownsFault = isThere(object);
    const verb = isDownsFault ? 'drops' : 'does not create';
    const message = `${down} ${verb} ${difference.object}, which ${isDownsFault ? `existed before ${up}` : `${up} drops`}`;
    const location = isDownsFault ? place('down', 'drop') : place('up', 'drop');
    return { ...common, code: 'down-takes', message, help: help('down-takes', migration), location };
  }
  const message = `after ${down}, ${difference.sentence}`;
  return {
    ...common,
    code: 'down-changes',
    message,
    help: help('down-changes', migration),
    location: place('up', 'alter'),
  };
}

export function otherSchemaFinding(
  { migration, texts }: VerifiedFiles,
  difference: SchemaDifference,
): VerifyFinding {
  const object = (difference.before ?? difference.after) as SnapshotObject;
  const { up, down } = fileWords(migration);
  return {
    code: 'up-differs',
    severity: severityOf(difference),
    message: `after ${down} and ${up} again, ${difference.sentence}`,
    help: help('up-differs', migration),
    migration: migration.id,
    object,
    location: texts.locate('up', findEffect(texts.up, object, 'create')),
  };
}

/**
 * PostgreSQL cannot remove a value from an enum; an extension may be there before the project; comments and the names of NOT NULL
 * constraints change nothing.
 */
function severityOf({ kind, properties, before, after }: SchemaDifference): Severity {
  const isOnly = (property: string) =>
    properties.length > 0 && properties.every((one) => one.property === property);
  if (kind === 'extension' || kind === 'comment') return 'warning';
  if (kind === 'enum type' && isOnly('labels') && before && after) return 'warning';
  const isNotNull = before?.definition.notNull !== undefined && after?.definition.notNull !== undefined;
  return isOnly('notNull') && isNotNull ? 'warning' : 'error';
}
