/** Detects, without `--adopt`, that the other tool has applied its migrations to this database. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError, type Problem } from '../../errors.js';
import type { ImportTool } from '../../project/import/tools.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { forReading } from '../session/connect.js';
import type { RunSetting } from '../session/run-setting.js';
import { planAdoption } from './plan-adoption.js';
import type { PreparedImport } from './prepare-import.js';
import { readTracking } from './read-tracking.js';

/** How long the database may take to be reached for a hint. */
const patienceMs = 2_000;

interface Question {
  tool: ImportTool;
  table: string | undefined;
  tableName: RunSetting['tableName'];
  prepared: PreparedImport;
}

/**
 * Asks the database once.
 * @returns a warning when `kat up` would run again what is applied; nothing when the database does not answer.
 */
export async function hintAdoption(driver: Driver, question: Question): Promise<Problem[]> {
  if (driver.isAbsent?.()) return [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const session = await forReading(driver).open('kat import', signal);
    try {
      return await findHint(session, question);
    } finally {
      await session.close();
    }
  } catch {
    // There is no such database, no such table, or none that fits: then nothing was forgotten that we know of.
    return [];
  }
}

async function findHint(session: Session, question: Question): Promise<Problem[]> {
  const { tool, table, prepared } = question;
  const migrations = prepared.migrations.map(({ source }) => source);
  try {
    const tracked = await readTracking(session, { tool, table, migrations });
    const count = tracked.length > 0 ? await countAdoptable(session, question, tracked.length) : 0;
    return count > 0 ? [forgottenAdoption(tool, count)] : [];
  } catch (error) {
    // Such a table fits, and is filled all the same.
    if (error instanceof KatError && error.problems.length > 0) return [refusedAdoption(tool, error)];
    throw error;
  }
}

/** All of them, where Kat's own table cannot be read. */
async function countAdoptable(session: Session, question: Question, all: number): Promise<number> {
  const { tool, table, tableName, prepared } = question;
  try {
    const ledger = await findLedger(session, tableName);
    const applied = await readAppliedIds(session, ledger);
    const { adopted } = await planAdoption({ session, ledger, applied }, { tool, table, prepared });
    return adopted.length;
  } catch {
    return all;
  }
}

function forgottenAdoption(tool: ImportTool, count: number): Problem {
  return {
    message: `${tool} has applied ${count} of these migrations to this database, and Kat has not recorded that: \`kat up\` would run them again`,
    help: 'Run the same command with --adopt.',
  };
}

function refusedAdoption(tool: ImportTool, { message }: KatError): Problem {
  return {
    message: `${tool} has applied migrations to this database, and Kat has not recorded that: \`kat up\` would run them again. They cannot be adopted as they are: ${message}`,
    help: 'Run the same command with --adopt to see all of it.',
  };
}
