/** The screen of `stamp`. */

import { counted } from '../../graph/counted.js';
import type { StampPlan, StampResult } from '../../index.js';
import type { Style } from './style.js';

const asWhat = { up: 'applied', down: 'not applied' } as const;

/** The migrations to record, and the recorded ones. */
export function stampText({ direction, migrations, skipped }: StampPlan, style: Style): string {
  const mark = direction === 'up' ? style.green('+') : style.red('-');
  const lines = migrations.map(({ id }) => `  ${mark} ${id}`);
  return [
    ...(lines.length > 0
      ? [`To be recorded as ${asWhat[direction]}, without running anything:`, ...lines]
      : []),
    ...(skipped.length > 0
      ? [`Already recorded as ${asWhat[direction]}: ${counted(skipped.length, 'migration')}`]
      : []),
    '',
  ].join('\n');
}

/** The recorded migrations. */
export function stampSummary({ direction, migrations, isDryRun }: StampResult, style: Style): string {
  const what = `${counted(migrations.length, 'migration')} as ${asWhat[direction]}`;
  if (isDryRun) return `DRY RUN: Would record ${what}\n`;
  return migrations.length === 0 ? 'Nothing to record\n' : `${style.green(`Recorded ${what}`)}\n`;
}
