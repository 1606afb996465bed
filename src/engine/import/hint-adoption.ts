/** Notices that the other tool has applied its migrations to this database, where nobody asked for them to be adopted. */

import type { Driver, Session } from '../../connections/driver.js';
import type { Problem } from '../../errors.js';
import type { ImportTool } from '../../project/import/tools.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { forReading } from '../session/connect.js';
import type { RunSetting } from '../session/run-setting.js';
import { planAdoption } from './plan-adoption.js';
import type { PreparedImport } from './prepare-import.js';

/** How long the database may take to be reached for a hint. */
const patienceMs = 2_000;

interface Question {
  tool: ImportTool;
  table: string | undefined;
  tableName: RunSetting['tableName'];
  prepared: PreparedImport;
}

/**
 * Asks the database once, and only a server: opening an embedded database takes longer than the import.
 * @returns a warning when `kat up` would run again what is applied; nothing when the database does not answer.
 */
export async function hintAdoption(driver: Driver, question: Question): Promise<Problem[]> {
  if (driver.name !== 'postgres') return [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const session = await forReading(driver).open('kat import', signal);
    try {
      const count = await countAdoptable(session, question);
      return count > 0 ? [forgottenAdoption(question.tool, count)] : [];
    } finally {
      await session.close();
    }
  } catch {
    // There is no such database, no such table, or none that fits: then nothing was forgotten that we know of.
    return [];
  }
}

async function countAdoptable(
  session: Session,
  { tool, table, tableName, prepared }: Question,
): Promise<number> {
  const ledger = await findLedger(session, tableName);
  const applied = await readAppliedIds(session, ledger);
  const { adopted } = await planAdoption({ session, ledger, applied }, { tool, table, prepared });
  return adopted.length;
}

function forgottenAdoption(tool: ImportTool, count: number): Problem {
  return {
    message: `${tool} has applied ${count} of these migrations to this database, and Kat has not recorded that: \`kat up\` would run them again`,
    help: 'Run the same command with --adopt.',
  };
}
