/**
 * Some servers speak PostgreSQL's protocol and do not keep what Kat promises: CockroachDB commits before each DDL statement
 * (`autocommit_before_ddl`), YugabyteDB runs DDL in transactions of its own and may let advisory locks do nothing, Aurora
 * DSQL takes no DDL beside rows (by their documentation). What they are is told by behaviour, not by name.
 */

import { randomBytes } from 'node:crypto';
import type { Session } from '../../../connections/driver.js';
import { KatError, SqlError } from '../../../errors.js';
import type { Capabilities, TriedServer } from './capabilities.js';

/**
 * Tries whether DDL is undone by ROLLBACK, and whether an advisory lock keeps a second session out. What cannot be tried is a warning.
 * @returns undefined for a server that keeps both.
 * @throws KatError CONNECTION_FAILED when DDL is not undone.
 */
export async function tryCapabilities(server: TriedServer): Promise<Capabilities | undefined> {
  const name = nameOf(server);
  const ddl = await tryRollback(server.session);
  if (ddl === 'not tried') server.onEvent({ type: 'warning', ...untried(name) });
  if (typeof ddl === 'object') throw refuse(name, ddl.broken);
  return (await keepsOut(server)) ? undefined : { name, lock: 'lease' };
}

function nameOf({ version }: TriedServer): string {
  return version.split(/ on | \(|,/, 1).join('') || 'of an unknown kind';
}

function refuse(name: string, broken: string): KatError {
  return new KatError('CONNECTION_FAILED', `this server (${name}) ${broken}`, {
    help: 'Use PostgreSQL itself, version 14 or newer. On this server a migration that fails could stay half applied. No migration was started.',
  });
}

function untried(name: string): { message: string; help: string } {
  return {
    message: `this server (${name}) is not PostgreSQL itself, and this role may not create the table that shows whether ROLLBACK undoes DDL`,
    help: 'Let the role create a table in the first schema of its search path, so that Kat can try it.',
  };
}

/** This role may not create tables there, or there is no schema to create them in. */
const cannotTry: ReadonlySet<string> = new Set(['42501', '3F000']);

type Tried = 'kept' | 'not tried' | { broken: string };

/** A table that is made, filled and changed in one transaction, and is gone after ROLLBACK. */
async function tryRollback(session: Session): Promise<Tried> {
  const table = `kat_probe_${randomBytes(6).toString('hex')}`;
  try {
    const refusal = await refusalOf(
      session,
      `BEGIN READ WRITE; CREATE TABLE ${table} (id integer); INSERT INTO ${table} VALUES (1); ALTER TABLE ${table} ADD COLUMN note text; ROLLBACK`,
    );
    if (refusal) await session.execute('ROLLBACK');
    if (refusal && cannotTry.has(refusal.sqlstate)) return 'not tried';
    if (await exists(session, table)) return { broken: 'does not undo CREATE TABLE by ROLLBACK' };
    return refusal ? { broken: `does not run DDL and rows in one transaction: ${refusal.message}` } : 'kept';
  } finally {
    await session.execute(`DROP TABLE IF EXISTS ${table}`);
  }
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
    await session.execute(`SELECT pg_catalog.pg_advisory_unlock(${key})`).catch(() => undefined);
  }
}

async function refusalOf(session: Session, sql: string): Promise<SqlError['report'] | undefined> {
  try {
    await session.execute(sql);
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    return error.report;
  }
}
