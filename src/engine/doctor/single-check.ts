/** Makes single checks: a failure of what a check looks at is its result. */

import { KatError } from '../../errors.js';
import type { CheckName, DoctorCheck } from './result.js';

type Found = Omit<DoctorCheck, 'name'>;

export const ok = (message: string): Found => ({ outcome: 'ok', message });
export const skipped = (message: string): Found => ({ outcome: 'skipped', message });
export const warning = (message: string, help: string): Found => ({ outcome: 'warning', message, help });
export const failed = (message: string, help: string): Found => ({ outcome: 'error', message, help });

/** @throws what `look` throws, except a KatError: that is the check's error. CANCELLED is thrown. */
export async function runCheck(name: CheckName, look: () => Promise<Found>): Promise<DoctorCheck> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    if (!(error instanceof KatError) || error.code === 'CANCELLED') throw error;
    return { name, ...checkOf(error) };
  }
}

/** A failure as the result of a check. */
export function checkOf({ message, help, problems }: KatError): Found {
  const details = problems.map((problem) => problem.message).filter((text) => !message.includes(text));
  return { outcome: 'error', message: [message, ...details].join('; '), ...(help ? { help } : {}) };
}
