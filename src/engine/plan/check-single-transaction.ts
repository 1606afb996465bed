/** Refuses a single transaction for plans that cannot have one. */

import { KatError } from '../../errors.js';
import type { Plan } from '../../graph/plan.js';
import type { RunSetting } from '../session/run-setting.js';

/** Each table and index that a transaction creates takes a lock; some 3,200 tables are too many for a server's defaults. */
const manyMigrations = 1_000;

/** @throws KatError USAGE when one of the steps runs outside of a transaction. */
export function checkSingleTransaction({ steps }: Plan, setting: Pick<RunSetting, 'onEvent'>): void {
  const alone = steps.filter(({ mode }) => mode === 'statements');
  if (alone.length > 0) {
    throw new KatError('USAGE', '--single-transaction cannot be used with no_transaction migrations', {
      problems: alone.map(({ id }) => ({ message: `${id} has no_transaction: true`, migration: id })),
      help: 'Remove the flag, or apply these migrations in a separate run.',
    });
  }
  if (steps.length < manyMigrations) return;
  setting.onEvent({
    type: 'warning',
    message: `one transaction for ${steps.length} migrations may need more locks than the server has`,
    help: 'If it ends with "out of shared memory" (53200), raise max_locks_per_transaction or remove --single-transaction.',
  });
}
