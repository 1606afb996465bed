/**
 * Some servers speak PostgreSQL's protocol and do not keep what Kat promises: CockroachDB commits before each DDL statement
 * (`autocommit_before_ddl`), YugabyteDB runs DDL in transactions of its own and may let advisory locks do nothing, Aurora
 * DSQL takes one DDL statement a transaction and no rows beside it (by their documentation). What they are is told by behaviour, not by name.
 */

import { randomBytes } from 'node:crypto';
import type { Capabilities, Session } from '../../../connections/driver.js';
import { KatError, SqlError } from '../../../errors.js';
import { fireDeferred, noteChanges, noteLedger } from '../../ledger/proof.js';
import type { TriedServer } from './tried-server.js';

type DdlCapabilities = Pick<Capabilities, 'ddl' | 'ddlPerTransaction' | 'mixesDdlAndDml'>;

/**
 * Tries what ROLLBACK undoes, what a transaction takes, and whether an advisory lock keeps a second session out. What cannot be tried
 * is a warning.
 * @returns undefined for a server that keeps all of PostgreSQL's promises.
 * @throws KatError CONNECTION_FAILED when it takes no DDL in a transaction at all, or lacks what Kat's records need.
 */
export async function tryCapabilities(server: TriedServer): Promise<Capabilities | undefined> {
  const name = nameOf(server);
  const ddl = await tryDdl(server, name);
  const lock = (await keepsOut(server)) ? 'advisory' : 'lease';
  return lock === 'advisory' && ddl === likePostgres ? undefined : { name, lock, ...ddl };
}

function nameOf({ version }: TriedServer): string {
  return version.split(/ on | \(|,/, 1).join('') || 'of an unknown kind';
}

const likePostgres: DdlCapabilities = {
  ddl: 'transactional',
  ddlPerTransaction: 'any',
  mixesDdlAndDml: true,
};

async function tryDdl({ session, onEvent }: TriedServer, name: string): Promise<DdlCapabilities> {
  const all = await tryTransaction(session, [create, insert, alter]);
  if (typeof all !== 'object' || !cannotTry.has(all.sqlstate))
    await tryRecords(session, { name, isUndone: all === 'undone' });
  if (all === 'undone') return likePostgres;
  if (typeof all === 'object' && cannotTry.has(all.sqlstate)) {
    onEvent({ type: 'warning', ...untried(name) });
    return likePostgres;
  }
  const [one, several, mixed] = [
    await tryTransaction(session, [create]),
    await tryTransaction(session, [create, alter]),
    await tryTransaction(session, [create, insert]),
  ];
  if (typeof one === 'object')
    throw refuse(name, `does not run CREATE TABLE in a transaction: ${one.message}`);
  return {
    ddl: one === 'undone' ? 'transactional' : 'statement',
    ddlPerTransaction: typeof several === 'object' ? 'one' : 'any',
    mixesDdlAndDml: typeof mixed !== 'object',
  };
}

/** This role may not create tables there, or there is no schema to create them in. */
const cannotTry: ReadonlySet<string> = new Set(['42501', '3F000']);

function refuse(name: string, reason: string): KatError {
  return new KatError('CONNECTION_FAILED', `this server (${name}) ${reason}`, {
    help: 'Use PostgreSQL itself, version 14 or newer. No migration was started.',
  });
}

function untried(name: string): { message: string; help: string } {
  return {
    message: `this server (${name}) is not PostgreSQL itself, and this role may not create the table that shows whether ROLLBACK undoes DDL`,
    help: 'Let the role create a table in the first schema of its search path, so that Kat can try it.',
  };
}

const create = (table: string) => `CREATE TABLE ${table} (id integer)`;
const insert = (table: string) => `INSERT INTO ${table} VALUES (1)`;
const alter = (table: string) => `ALTER TABLE ${table} ADD COLUMN note text`;

type Trial = 'undone' | 'stays' | SqlError['report'];

/** What ROLLBACK leaves of a table, or why the server refused the transaction. */
async function tryTransaction(
  session: Session,
  statements: readonly ((table: string) => string)[],
): Promise<Trial> {
  const table = `kat_probe_${randomBytes(6).toString('hex')}`;
  const message = ['BEGIN READ WRITE', ...statements.map((write) => write(table)), 'ROLLBACK'].join('; ');
  try {
    const refusal = await refusalOf(session, message);
    if (refusal) await session.execute('ROLLBACK');
    if (refusal) return refusal;
    return (await exists(session, table)) ? 'stays' : 'undone';
  } finally {
    await dropIfLeft(session, table);
  }
}

/**
 * Tables as Kat's own, and the proof behind each of its writes. Where ROLLBACK undoes DDL, nothing is committed.
 * @throws KatError CONNECTION_FAILED for a server that lacks something of it.
 */
async function tryRecords(
  session: Session,
  { name, isUndone }: { name: string; isUndone: boolean },
): Promise<void> {
  const table = `kat_probe_${randomBytes(6).toString('hex')}`;
  const columns =
    'id SERIAL PRIMARY KEY, entry BIGINT GENERATED ALWAYS AS IDENTITY, written TIMESTAMP WITH TIME ZONE';
  const creation = `CREATE TABLE ${table} (${columns})`;
  const write = [
    ...['BEGIN READ WRITE', ...(isUndone ? [creation] : [])],
    ...[noteLedger(table), `SELECT ${noteChanges([table, table])}`],
    `INSERT INTO ${table} (written) VALUES (pg_catalog.clock_timestamp())`,
    ...[fireDeferred, `SELECT entry FROM ${table} FOR UPDATE`, 'ROLLBACK'],
  ];
  try {
    const unmade = isUndone ? undefined : await refusalOf(session, creation);
    const refusal = unmade ?? (await refusalOf(session, write.join('; ')));
    if (!refusal) return;
    await session.execute('ROLLBACK', () => undefined);
    throw refuse(name, `lacks something that Kat writes and proves its records with: ${refusal.message}`);
  } finally {
    await dropIfLeft(session, table);
  }
}

/** Event triggers see even a DROP that finds nothing. */
async function dropIfLeft(session: Session, table: string): Promise<void> {
  if (await exists(session, table)) await session.execute(`DROP TABLE ${table}`, () => undefined);
}

async function exists(session: Session, table: string): Promise<boolean> {
  const [result] = await session.execute(`SELECT pg_catalog.to_regclass('${table}') AS found`);
  return result?.rows[0]?.found !== null;
}

/** Whether an advisory lock of one session keeps another one out; where there is no other one, whether it can be taken. */
async function keepsOut({ driver, session }: TriedServer): Promise<boolean> {
  const key = randomBytes(8).readBigInt64BE();
  const take = `SELECT pg_catalog.pg_try_advisory_lock(${key}) AS is_taken`;
  const other = driver.hasManySessions ? await driver.open('kat (probe)') : undefined;
  try {
    const [first] = await session.execute(take);
    const [second] = (await other?.execute(take)) ?? [];
    return first?.rows[0]?.is_taken === 't' && second?.rows[0]?.is_taken !== 't';
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    return false;
  } finally {
    await other?.close();
    const release = `SELECT pg_catalog.pg_advisory_unlock(${key})`;
    await session.execute(release, () => undefined).catch(() => undefined);
  }
}

/** An error leaves a transaction open that the message has begun. */
async function refusalOf(session: Session, sql: string): Promise<SqlError['report'] | undefined> {
  try {
    await session.execute(sql, () => undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    return error.report;
  }
}
