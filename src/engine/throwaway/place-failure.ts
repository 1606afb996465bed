/** Tells a failure of the place where a throwaway database is from one of the migration that is tried there. */

import { KatError, MigrationError } from '../../errors.js';
import type { Throwaway } from './throwaway.js';

/**
 * Disk, memory or the server gave out: the migration may be right (https://www.postgresql.org/docs/current/errcodes-appendix.html: classes
 * 53 and 57P, 58000, 58030; https://www.sqlite.org/rescode.html).
 */
const givesOut = /^(?:53...|57P0[1-5]|58000|58030|SQLITE_(?:FULL|IOERR|NOMEM)\w*)$/;

/**
 * @param error of any kind; nothing happens where the migration itself failed.
 * @throws KatError CONNECTION_FAILED
 */
export function throwPlaceFailure(error: unknown, throwaway: Pick<Throwaway, 'kind' | 'driver'>): void {
  if (!(error instanceof MigrationError)) return;
  const { report, migration } = error;
  if (!report || !givesOut.test(report.sqlstate)) return;
  throw new KatError(
    'CONNECTION_FAILED',
    `the throwaway database gave out at ${migration}: ${report.message} (${report.sqlstate})`,
    { help: `${adviseOn(report.sqlstate, throwaway)} Then run the command again.`, cause: error },
  );
}

function adviseOn(sqlstate: string, { kind, driver }: Pick<Throwaway, 'kind' | 'driver'>): string {
  if (sqlstate.startsWith('57')) return 'Find out why the server ended the session.';
  if (kind === 'shared server')
    return 'Free disk space or memory on the server, raise its limits for this role, or choose another place with `--on`.';
  const folder = 'Free disk space or memory on this computer. `TMPDIR` names the folder for temporary files';
  return driver.name === 'sqlite' ? `${folder}.` : `${folder}, and \`--on\` another place.`;
}
