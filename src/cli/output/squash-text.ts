/** The screen of `squash`. */

import type { SquashPlan } from '../../index.js';
import type { Style } from './style.js';

/** The changed folders, and points to review. */
export function squashText(
  { id, replaces, hasDown, isDownPartial, remarks }: SquashPlan,
  style: Style,
): string {
  return [
    'Migrations to squash:',
    ...replaces.map((former) => `  ${style.red('-')} ${former}`),
    `  ${style.green('+')} ${id}, which replaces them${hasDown && !isDownPartial ? ', with a down.sql' : ''}`,
    ...remarks.map((remark) => `${style.yellow('Note')}: ${remark}`),
    '',
  ].join('\n');
}
