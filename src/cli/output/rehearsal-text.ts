/** Formats the output of a dry run that executes a plan and rolls it back, or executes it on a copy of the database. */

import type { FinishedStep } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { UntriedStep } from '../../graph/untried.js';
import type { Context } from '../context.js';
import { formatDuration } from './duration.js';

/** Why a step was not tried. */
export function untriedText({ id, reason, of }: UntriedStep): string {
  switch (reason) {
    case 'no transaction':
      return 'it runs outside of a transaction';
    case 'new value':
      return 'it uses a new enum value, which the server allows only after the adding migration has committed';
    case 'transaction settings':
      return 'it has SET TRANSACTION, which the server allows only before the first query of a transaction';
    case 'follows':
      return of === id ? 'it was not rolled back first' : `it depends on ${of}, which was not tried`;
  }
}

/** The executed steps, the untried ones, and effects that a rollback does not undo. At least one step of either kind. */
export function rehearsalSummary(
  { migrations, untried }: { migrations: readonly FinishedStep[]; untried: readonly UntriedStep[] },
  { style }: Context,
  { isOnCopy }: { isOnCopy: boolean },
): string {
  const skipped = untried.map((step) => `  ${style.yellow('•')} ${nameOf(step)}: ${untriedText(step)}`);
  const count = counted(migrations.length, 'migration');
  const done = isOnCopy ? 'executed on a copy' : 'executed and rolled back';
  const back = `and rolled ${migrations.length === 1 ? 'it' : 'them'} back`;
  const rollback = 'The rollback does not undo sequence increments or effects outside of the database.';
  return [
    `DRY RUN: Executed ${count} ${isOnCopy ? 'on a copy of the database' : back}`,
    '',
    style.bold('Migration Summary'),
    ...(migrations.length > 0
      ? [
          `${isOnCopy ? 'Executed on a copy' : 'Executed and rolled back'}:`,
          ...migrations.map(executed(style)),
        ]
      : []),
    ...(skipped.length > 0 ? ['Not tried:', ...skipped] : []),
    '',
    ...(isOnCopy ? [] : [rollback, '']),
    `Total: ${count} ${done}${untried.length > 0 ? `, ${untried.length} not tried` : ''}`,
    '',
  ].join('\n');
}

function executed(style: Context['style']) {
  return (step: FinishedStep) =>
    `  ${style.green('✓')} ${nameOf(step)} - ${formatDuration(step.durationMs ?? 0)}`;
}

function nameOf({ id, direction }: Pick<FinishedStep, 'id' | 'direction'>): string {
  return `${id} (${direction})`;
}
