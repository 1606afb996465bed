/** The journal of a migration that a script runs statement by statement. */

import type { Step } from '../../graph/plan.js';
import { hashStatement } from '../ledger/journal.js';
import type { Ledger } from '../ledger/ledger.js';
import { type LogEntry, logWrite } from '../ledger/log.js';
import { entriesOfStatement, forgetSequences, newLogIds } from '../ledger/log-ids.js';
import { ne } from '../ledger/operators.js';
import { lastState, lookAtState, stateEntry } from '../ledger/session-state.js';
import { doBlock, provenWrite } from './script-blocks.js';

/** The user and host of the script's client, as SQL, like those of a run's own process. */
export const scriptClient = `pg_catalog.concat(pg_catalog.current_setting('application_name'), '@',
  coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'local'), ' (kat plan --sql)')`;

/** A setting with ids of the log; a migration may reset it. */
const idsMark = 'kat.log_ids';

const takenIds = `coalesce(pg_catalog.current_setting('${idsMark}', true), '')`;

/** The migration whose journal it is. */
interface JournalOwner {
  ledger: Ledger;
  step: Pick<Step, 'id' | 'direction'>;
}

/** What the entries of one statement say of it. */
interface JournalledStatement {
  number: number;
  statement: Parameters<typeof hashStatement>[0];
}

type Facts = Pick<LogEntry, 'outcome' | 'checksum' | 'parents'>;

/** Says that the migration begins, and takes ids for the entries of so many statements. */
export function beginJournal(
  owner: JournalOwner,
  facts: Omit<Facts, 'outcome'>,
  statements: number,
): string[] {
  const take = `  PERFORM pg_catalog.set_config('${idsMark}', ${newLogIds(owner.ledger, statements)}, false);`;
  const begun = { ...ownFacts(owner), outcome: 'started', ...facts } as const;
  return [...provenWrite(logWrite(owner.ledger, begun)), doBlock(take), `${forgetSequences};`];
}

/** Says that a statement is begun, before one that takes no transaction. */
export function writeStarted(owner: JournalOwner, of: JournalledStatement): string[] {
  return writeEntry(owner, { ...factsOf(owner, of), outcome: 'statement started' }, 1);
}

export function writeFinished(owner: JournalOwner, of: JournalledStatement): string[] {
  return writeEntry(owner, { ...factsOf(owner, of), outcome: 'statement finished' }, 2);
}

/** A transaction that records what the session has behind a finished statement. @param names as `findSettingNames` finds them. */
export function writeState(owner: JournalOwner, of: JournalledStatement, names: readonly string[]): string[] {
  const entry = stateEntry(factsOf(owner, of), lastState(owner.ledger, owner.step));
  const look = [doBlock(`  PERFORM ${lookAtState(names)};`), ...writeEntry(owner, entry, 3)];
  return ['BEGIN;', ...look, 'COMMIT;'];
}

function ownFacts({ step: { id, direction } }: JournalOwner) {
  return { id, direction, client: scriptClient };
}

function factsOf(owner: JournalOwner, { number, statement }: JournalledStatement) {
  return { ...ownFacts(owner), statement: number, statementHash: hashStatement(statement) };
}

/** @param place among the entries of the statement, counted from 1. */
function writeEntry({ ledger }: JournalOwner, entry: LogEntry, place: number): string[] {
  const number = ((entry.statement ?? 1) - 1) * entriesOfStatement + place;
  const logId = `pg_catalog.split_part(${takenIds}, ',', ${number})::pg_catalog.int8`;
  const withId = logWrite(ledger, { ...entry, logId });
  const plain = logWrite(ledger, entry);
  const either = `  IF ${takenIds} ${ne} '' THEN\n${withId.sql};\n  ELSE\n${plain.sql};\n  END IF;`;
  return provenWrite({ ...plain, sql: doBlock(either).replace(/;$/, '') });
}
