/** Refuses to continue a migration behind statements whose temporary tables or settings went with their session. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';
import type { Ledger } from '../ledger/ledger.js';
import {
  findSettingNames,
  type JournalledState,
  readJournalledStates,
  readStateBehind,
  type SessionState,
} from '../ledger/session-state.js';
import { restoreLogin } from '../session/session-reset.js';

/** A temporary table or a setting, and in words who needs it, and what to do. */
export interface LostWithSession {
  name: string;
  needs: string;
  advice: string;
}

type Run = Pick<Step, 'id' | 'direction'>;

/**
 * @param place the session that is to continue. A connection of the caller's may be the one that ran the statements before.
 * @param finished how many statements ran before.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function refuseLostSession(
  { session, ledger }: { session: Session; ledger: Ledger },
  run: Run,
  statements: readonly Statement[],
  finished: number,
): Promise<void> {
  const states = await readJournalledStates(session, ledger, run);
  const table = await findLostTable(run, statements, { finished, states });
  if (table && !(await isThere(session, table.name))) throw lostError(table);
  const setting = await findLostSetting(session, run, statements, { finished, states });
  if (setting) throw lostError(setting);
}

function lostError({ needs, advice }: LostWithSession): KatError {
  return new KatError('MIGRATION_HALF_DONE', needs, { help: advice });
}

async function isThere(session: Session, name: string): Promise<boolean> {
  const regclass = `pg_catalog.to_regclass(${quoteLiteral(`pg_temp.${quoteIdentifier(name)}`)})`;
  const [result] = await session.execute(`SELECT ${regclass} IS NOT NULL AS is_there`);
  return result?.rows[0]?.is_there === 't';
}

/** Where the statements stopped, and what the journal has of their session. */
interface EndedSession {
  finished: number;
  states: readonly JournalledState[];
}

/** @returns undefined when the next run, in another session, finds all temporary tables that it needs. */
export async function findLostTable(
  run: Run,
  statements: readonly Pick<Statement, 'node'>[],
  { finished, states }: EndedSession,
): Promise<LostWithSession | undefined> {
  const { findNeededTable } = await import('../../sql/transactions/lost-tables.js');
  const names = [...(states.at(-1)?.temporary ?? [])];
  const seen = new Map(
    names.map((name) => [name, firstWith(states, ({ temporary }) => temporary.has(name))]),
  );
  const lost = findNeededTable(statements, finished, seen);
  if (!lost) return undefined;
  return {
    name: lost.name,
    needs: `statement ${lost.neededBy} of ${run.id} needs the temporary table ${lost.name}, which statement ${lost.madeBy} made in a session that has ended`,
    advice: `Write a statement that makes it again, with its rows, in front of statement ${finished + 1}, ${orByHand(run)}`,
  };
}

/** The number of the statement behind which the session has had this without a break. */
function firstWith(states: readonly JournalledState[], has: (state: SessionState) => boolean): number {
  const index = states.findLastIndex((state) => !has(state)) + 1;
  return states[index]?.statement ?? 0;
}

/** A setting that the statements before have made, and those that are repeated do not. */
async function findLostSetting(
  session: Session,
  run: Run,
  statements: readonly Statement[],
  { finished, states }: EndedSession,
): Promise<LostWithSession | undefined> {
  if (finished === 0 || session.capabilities) return undefined;
  const { forgottenSettings, isSetting, stoppedIndex } = await import(
    '../../sql/transactions/statement-modes.js'
  );
  const { settingsOf } = await import('../../sql/postgres/settings-of.js');
  const { nodeOf } = await import('../../sql/syntax/node-of.js');
  const repeated = statements
    .slice(forgottenSettings(statements, finished), finished)
    .filter((statement) => isSetting(statement) && !nodeOf(statement.node, 'VariableSetStmt')?.is_local);
  const before = states.at(-1)?.settings ?? new Map<string, string>();
  if (before.size === 0 && repeated.length === 0) return undefined;
  const added = statements.slice(finished, stoppedIndex(statements, finished));
  const namesIn = (settings: readonly Statement[]) =>
    new Set(settings.flatMap(({ node }) => settingsOf(node).map(({ name }) => name)));
  const [setAnew, setBefore] = [namesIn(added), namesIn(repeated)];
  const now = await tryRepeat(session, repeated, findSettingNames(statements.map(({ text }) => text)));
  if (!now) return undefined;
  const lost = [...before].find(
    ([name, value]) => now.settings.get(name) !== value && !setAnew.has(name.toLowerCase()),
  );
  const takenBack = [...now.settings.keys()].find(
    (name) => !before.has(name) && setBefore.has(name.toLowerCase()) && !setAnew.has(name.toLowerCase()),
  );
  if (lost) return changedSetting(run, { finished, states }, lost);
  return takenBack === undefined ? undefined : resetSetting(run, finished, takenBack);
}

function resetSetting(run: Run, finished: number, name: string): LostWithSession {
  return {
    name,
    needs: `code in ${run.id} reset the setting ${name} in a session that has ended, and not by a \`RESET\`, which Kat repeats`,
    advice: `In front of statement ${finished + 1}, write a \`RESET\` of ${name}, or a \`SET\` if the rest needs another value, ${orByHand(run)}`,
  };
}

function changedSetting(
  run: Run,
  { finished, states }: EndedSession,
  [name, value]: readonly [string, string],
): LostWithSession {
  const madeBy = firstWith(states, ({ settings }) => settings.get(name) === value);
  return {
    name,
    needs: `statement ${madeBy} of ${run.id} changed the setting ${name} in a session that has ended, and not by a \`SET\`, which Kat repeats`,
    advice: `Write a \`SET\` of ${name} to the same value in front of statement ${finished + 1}, ${orByHand(run)}`,
  };
}

/** @returns undefined where the server refuses the settings: it will say so when the run repeats them. */
async function tryRepeat(
  session: Session,
  settings: readonly Statement[],
  names: readonly string[],
): Promise<SessionState | undefined> {
  try {
    const texts = settings.map(({ text }) => text);
    const restoreRole = session.isBorrowed ? [] : restoreLogin;
    return await readStateBehind(session, { restoreRole, settings: texts }, names);
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    await session.execute('ROLLBACK');
    return undefined;
  }
}

function orByHand({ id, direction }: Run): string {
  return `and run \`kat ${direction}\`. Or finish or undo the migration by hand and record it: \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`;
}
