/** Checks a plan again with the syntax of the server, where it is not that of PostgreSQL. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { CheckedPlan } from './checked-plan.js';
import type { PlannedMove } from './plan-run.js';

/**
 * The server is asked what it is only where a text does not parse.
 * @throws what the check throws.
 */
export async function checkAsServerReads(
  session: Session,
  planned: PlannedMove,
  check: (planned: PlannedMove) => Promise<CheckedPlan>,
): Promise<CheckedPlan> {
  try {
    return await check(planned);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const { mayHaveOwnSyntax } = await import('../session/other-server/own-syntax.js');
    if (!(await mayHaveOwnSyntax(session))) throw error;
    return check({ ...planned, literals: session.literals });
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof KatError && error.problems.some(({ code }) => code === 'syntax');
}
