/** Takes the lease from the run that holds it. */

import type { Session } from '../../../connections/driver.js';
import type { Ledger } from '../../ledger/ledger.js';
import { leaseTableOf, revokeStatements } from './lease-table.js';

/** The next write of that run into Kat's tables fails. A statement that it has sent already may finish. */
export async function revokeLease(
  session: Session,
  ledger: Pick<Ledger, 'name'>,
  { token }: { token: string },
): Promise<void> {
  await session.execute(['BEGIN', ...revokeStatements(leaseTableOf(ledger), token), 'COMMIT'].join('; '));
}
