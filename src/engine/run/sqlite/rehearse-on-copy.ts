/** Executes a plan for real on a copy of a SQLite file: a dry run that also finds what only the data can tell. */

import { join } from 'node:path';
import type { Session } from '../../../connections/driver.js';
import { openDriver } from '../../../connections/open-connection.js';
import { type FinishedStep, KatError, SqlError } from '../../../errors.js';
import type { Step } from '../../../graph/plan.js';
import type { Ledger } from '../../ledger/ledger.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import { ensureSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { stopLeftOverServer } from '../../throwaway/local/stop-left-over.js';
import { refuseOutsideFile } from '../../throwaway/sqlite/refuse-outside-file.js';
import { createTemporaryFolder, sweepTemporaryFolders } from '../../throwaway/temporary-folder.js';
import type { Rehearsal } from '../rehearse.js';
import type { Reporter } from '../reporter.js';
import type { RunContext } from '../run-context.js';
import { runSqliteSteps } from './run-sqlite.js';
import { splitStep } from './split-step.js';

/**
 * A copy, because foreign keys are switched off before a transaction and not within it, and VACUUM runs in none. The copies of dry
 * runs that were killed are removed first: each is as large as the database, and holds its rows.
 * @throws MigrationError for the first migration that fails; KatError USAGE for one that reaches another file; CONNECTION_FAILED
 *   where there is no room for the copy; FILES_INVALID, CANCELLED.
 */
export async function rehearseOnCopy(context: RunContext, steps: readonly Step[]): Promise<Rehearsal> {
  for (const step of steps) refuseOutsideFile(step.id, (await splitStep(context, step)).text);
  const { lockedSession } = context;
  await sweepTemporaryFolders(stopLeftOverServer);
  const folder = createTemporaryFolder('throwaway');
  try {
    const path = join(folder.path, 'copy.db');
    await copyInto(lockedSession.session, path);
    const driver = await openDriver({ driver: 'sqlite', path });
    const session = await driver.open('kat dry run');
    try {
      const ledger = await createLedger(session, lockedSession.ledger);
      const reporter = createRehearsalReporter(context);
      const copied = { ...context, lockedSession: { ...lockedSession, session, ledger }, reporter };
      await runSqliteSteps(copied, steps, { isRehearsal: true });
      return { migrations: reporter.finished, untried: [] };
    } finally {
      await session.close();
      await driver.close();
    }
  } finally {
    folder.remove();
  }
}

async function copyInto(session: Session, path: string): Promise<void> {
  try {
    await session.execute(`VACUUM INTO ${quoteSqliteText(path)}`);
  } catch (cause) {
    if (!(cause instanceof SqlError)) throw cause;
    const { message, sqlstate } = cause.report;
    throw new KatError(
      'CONNECTION_FAILED',
      `the database cannot be copied for the dry run: ${message} (${sqlstate})`,
      {
        help: 'The copy needs as much room in the folder for temporary files as the database. `TMPDIR` names another folder. Nothing was changed.',
        cause,
      },
    );
  }
}

async function createLedger(session: Session, found: Ledger): Promise<Ledger> {
  await session.execute('BEGIN IMMEDIATE');
  const ledger = await ensureSqliteLedger(session, found);
  await session.execute('COMMIT');
  return ledger;
}

function createRehearsalReporter({ setting: { onEvent } }: RunContext): Reporter {
  const finished: FinishedStep[] = [];
  return {
    finished,
    start: ({ id, direction }) => onEvent({ type: 'started', id, direction }),
    notice: ({ id, direction }, notice) => onEvent({ type: 'notice', id, direction, notice }),
    succeed: ({ id, direction }, durationMs) => {
      finished.push({ id, direction, durationMs });
      onEvent({ type: 'rehearsed', id, direction, durationMs });
    },
    fail: ({ id, direction }, error) => onEvent({ type: 'failed', id, direction, error }),
    takeBack: () => undefined,
  };
}
