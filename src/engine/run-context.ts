/** What the parts of a run share while the lock is held. */

import { KatError } from '../errors.js';
import type { Step } from '../graph/plan.js';
import type { PreparedStep } from './prepare.js';
import type { Reporter } from './reporter.js';
import type { WaitPolicy } from './waits.js';
import type { Workplace, WorkplaceSetting } from './workplace.js';

export interface RunSetting extends WorkplaceSetting {
  directory: string;
  waits: WaitPolicy;
}

export interface RunContext {
  setting: RunSetting;
  workplace: Workplace;
  reporter: Reporter;
  /** Whether all migrations share one transaction. */
  isSingleTransaction: boolean;
  /** Reads the file of a planned step again. @throws KatError FILES_INVALID when it is not what was checked. */
  prepare(step: Step): Promise<PreparedStep>;
}

export function isCancelled({ setting }: RunContext): boolean {
  return setting.signal?.aborted ?? false;
}

/** @throws KatError CANCELLED */
export function checkCancelled(context: RunContext): void {
  if (!isCancelled(context)) return;
  const outcome = context.isSingleTransaction ? 'nothing was applied' : 'what was applied stays applied';
  throw new KatError('CANCELLED', 'cancelled between two migrations', {
    help: `Run the command again to go on; ${outcome}.`,
  });
}
