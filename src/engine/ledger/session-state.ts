/**
 * Journals what the session of a `no_transaction` migration has behind a statement and the next session would not: temporary tables and
 * settings, however they were made. The session's own catalogs show them, so no code must be read for it.
 */

import type { Session, StatementResult } from '../../connections/driver.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import { isUnsettled } from './journal.js';
import { type Ledger, logTableOf } from './ledger.js';
import type { LogEntry } from './log.js';
import { eq, matches, ne } from './operators.js';
import { currentRole, notedRole, noteRole, type SessionRole } from './session-role.js';

/** What a session has that ends with it. */
export interface SessionState {
  /** Names of temporary tables, views and sequences. */
  temporary: ReadonlySet<string>;
  /** Fingerprints of the values, by the setting's name. */
  settings: ReadonlyMap<string, string>;
}

/** The state behind a statement, counted from 1. */
export interface JournalledState extends SessionState {
  statement: number;
  text: string;
}

/** Kat's own settings, those of transactions, and those that decide only how long things take or what is told. */
const indifferent =
  '^(transaction_.*|.*_timeout|tcp_keepalives_.*|client_connection_check_interval|client_min_messages|client_encoding|default_transaction_read_only|application_name|log_.*|.*work_mem|kat\\..*)$';

const settingName =
  /\b(?:(?:current_setting|set_config)\s*\(\s*'+|(?:set(?:\s+session)?|show)\s+)([a-z_][\w$]*(?:\.[a-z_][\w$]*)+)/gi;

/**
 * The settings such as `app.tenant` that SQL and the code in it read or write: the server does not list them.
 * @param texts of the statements.
 */
export function findSettingNames(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) => [...text.matchAll(settingName)].map(([, name = '']) => name));
  return [...new Set(names)];
}

/**
 * The state of the session that executes it, as an SQL expression: a line of JSON for each object and setting, or an empty text.
 * @param names of settings that the server does not list.
 * @param roles the migration's, and Kat's own: the server does not list them.
 */
function stateExpression(
  names: readonly string[],
  { its, own: ownRole }: { its: SessionRole; own: SessionRole },
): string {
  const array = (kind: string, ...values: string[]) =>
    `pg_catalog.json_build_array(${[quoteLiteral(kind), ...values].join(', ')})::pg_catalog.text`;
  const setting = (name: string, value: string) =>
    `${array('setting', name, `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${value}, 'UTF8')), 'hex')`)} AS line`;
  const own = 'pg_catalog.current_setting(n.name, true)';
  return `coalesce((SELECT pg_catalog.string_agg(s.line, pg_catalog.chr(10) ORDER BY s.line COLLATE pg_catalog."C") FROM (
    SELECT ${array('temporary', 'c.relname')} AS line FROM pg_catalog.pg_class c
    WHERE c.relnamespace ${eq} pg_catalog.pg_my_temp_schema() AND c.relkind ${eq} ANY ('{r,p,v,f,S}'::pg_catalog."char"[])
    UNION ALL SELECT ${setting('g.name', 'g.setting')} FROM pg_catalog.pg_settings g
    WHERE g.source ${eq} 'session' AND NOT g.name ${matches} ${quoteLiteral(indifferent)}
    UNION ALL SELECT ${setting('n.name', own)} FROM pg_catalog.unnest(${quoteTextArray(names)}) AS n (name)
    WHERE ${own} ${ne} ''
    UNION ALL SELECT ${setting("'role'", its.role)} WHERE ${its.role} ${ne} ${ownRole.role}
    UNION ALL SELECT ${setting("'session_authorization'", its.login)} WHERE ${its.login} ${ne} ${ownRole.login}
  ) s), '')`;
}

/** A setting of the transaction: computed once, as the list of all settings takes a millisecond. */
const stateMark = 'kat.session_state';

/** Whatever looks does so outside of the statement's transaction: what belongs to that, such as `SET LOCAL`, is no state of the session. */
const foundState = `pg_catalog.current_setting('${stateMark}')`;

/**
 * An expression that looks at the state, for an entry in the same transaction. The migration's role is noted, and Kat's own is current.
 * @param names of settings that the server does not list.
 */
export function lookAtState(names: readonly string[]): string {
  const state = stateExpression(names, { its: notedRole, own: currentRole });
  return `pg_catalog.set_config('${stateMark}', ${state}, true)`;
}

/**
 * The entry of the state that was looked at before, where it is another one than the journal's last.
 * @param known the journal's last state, as SQL.
 */
export function stateEntry(entry: Omit<LogEntry, 'outcome'>, known: string): LogEntry {
  const onlyIf = `${foundState} ${ne} ${known}`;
  return { ...entry, outcome: 'statement finished', sessionState: foundState, onlyIf };
}

/** The journal's last state, as SQL. */
export function lastState(ledger: Ledger, run: Pick<LogEntry, 'id' | 'direction'>): string {
  return `coalesce((SELECT l.error FROM ${journalled(ledger, run)} ORDER BY l.id DESC LIMIT 1), '')`;
}

/** The entries `l` with a state, since the migration was last finished or recorded. */
function journalled(ledger: Ledger, { id, direction }: Pick<LogEntry, 'id' | 'direction'>): string {
  const log = logTableOf(ledger);
  return `${log} l WHERE l.migration ${eq} ${quoteLiteral(id)} AND l.direction ${eq} ${quoteLiteral(direction)}
    AND l.outcome ${eq} 'statement finished' AND l.error IS NOT NULL AND ${isUnsettled(log)}`;
}

/** A column with the result of `lookAtState`, for `findState`. */
export const stateColumn = 'kat_session_state';

/** The state that a message has found, as text; undefined where it has none. */
export function findState(results: readonly StatementResult[]): string | undefined {
  const rows = results.flatMap((result) => result.rows.slice(0, 1));
  return rows.findLast((row) => stateColumn in row)?.[stateColumn] ?? undefined;
}

/** The states that the journal of a half-done migration has, oldest first. */
export async function readJournalledStates(
  session: Session,
  ledger: Ledger,
  run: Pick<LogEntry, 'id' | 'direction'>,
): Promise<JournalledState[]> {
  if (session.capabilities) return [];
  const [result] = await session.execute(
    `SELECT l.statement, l.error AS state FROM ${journalled(ledger, run)} ORDER BY l.id`,
  );
  return (result?.rows ?? []).map(({ statement, state }) => ({
    statement: Number(statement),
    text: state ?? '',
    ...parseState(state ?? ''),
  }));
}

/**
 * The state of a session behind these settings, which are taken back.
 * @param restoreRole statements that make the role Kat's own.
 * @throws SqlError when the server refuses one of them; the transaction is still open then.
 */
export async function readStateBehind(
  session: Session,
  { restoreRole, settings }: { restoreRole: readonly string[]; settings: readonly string[] },
  names: readonly string[],
): Promise<SessionState> {
  const look = `SELECT ${stateExpression(names, { its: currentRole, own: notedRole })} AS state`;
  const note = `SELECT ${noteRole}`;
  const results = await session.execute(
    ['BEGIN', ...restoreRole, note, ...settings, look, 'ROLLBACK'].join('\n;\n'),
  );
  return parseState(results.at(-2)?.rows[0]?.state ?? '');
}

/** Whether code or a setting of the migration has changed the role. @param state as text. */
export function hasOtherRole(state: string): boolean {
  const { settings } = parseState(state);
  return settings.has('role') || settings.has('session_authorization');
}

function parseState(text: string): SessionState {
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as string[]]));
  const pick = (kind: string) => lines.flatMap(([one, ...values]) => (one === kind ? [values] : []));
  return {
    temporary: new Set(pick('temporary').map(([name = '']) => name)),
    settings: new Map(pick('setting').map(([name = '', value = '']) => [name, value])),
  };
}
