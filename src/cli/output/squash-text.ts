/** The screen of `squash`. */

import type { SquashPlan } from '../../index.js';
import type { Style } from './style.js';

/** The changed folders, and points to review. */
export function squashText(
  { id, replaces, hasDown, isDownPartial, remarks, proof }: SquashPlan,
  style: Style,
): string {
  return [
    'Migrations to squash:',
    ...replaces.map((former) => `  ${style.red('-')} ${former}`),
    `  ${style.green('+')} ${id}, which replaces them${hasDown && !isDownPartial ? ', with a down.sql' : ''}`,
    ...remarks.map((remark) => `${style.yellow('Note')}: ${remark}`),
    proofText(proof, style),
    '',
  ].join('\n');
}

function proofText({ isProven, server, withRows }: SquashPlan['proof'], style: Style): string {
  if (!isProven) return `${style.yellow('Not proven')}: the schemas before and after were not compared`;
  const what = withRows ? 'The schema and the rows are' : 'The schema is';
  return style.green(`${what} the same before and after, as executed on PostgreSQL ${server}`);
}
