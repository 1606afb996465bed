/** Reads from a database which migrations are applied, and which schema it has. */

import type { Driver, Session } from '../../connections/driver.js';
import { quoteLiteral } from '../../quote.js';
import { neutralObject } from '../../sql/snapshot/neutral-roles.js';
import type { SchemaSnapshot } from '../../sql/snapshot/snapshot.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readHalfDone } from '../ledger/journal.js';
import { type Ledger, logTableOf, readAppliedIds } from '../ledger/ledger.js';
import { namingHolders } from '../ledger/locked-tables.js';
import { type RememberedFacts, readAppliedFacts } from '../ledger/logged-migrations.js';
import { findKatTables } from '../ledger/other-tables.js';
import type { HalfDoneMigrations } from '../records/refuse-half-done.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { refuseStandby } from '../session/server-state.js';
import { withSharedLock } from '../session/shared-lock.js';
import { executeNeutrally } from '../snapshot/neutral-settings.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';

/** A database at one moment. */
export interface AppliedDatabase {
  /** Ids in the order in which they were applied. */
  applied: readonly string[];
  /** What stopped between two of its statements: the snapshot has the effects of those that are done. */
  halfDone: HalfDoneMigrations;
  /** By id; those that the log does not know are left out. */
  facts: ReadonlyMap<string, RememberedFacts>;
  snapshot: SchemaSnapshot;
  /** The roles that applied the migrations, as SQL: in the snapshot, and in one that it is compared with, they count as one. */
  appliers: readonly string[];
  /** The names of all roles but PostgreSQL's own. */
  roles: readonly string[];
  /** Undefined in SQLite. */
  searchPath: string | undefined;
  /** The schema of the tracking table, as SQL; undefined in SQLite. */
  ledgerSchema: string | undefined;
}

export interface AppliedStateOptions extends ShortSessionOptions {
  tableName: string;
  /** How long to wait for a runner, in milliseconds. */
  waitMs: number;
}

/**
 * Shares the runner's lock, so that a run is not taken for drift, and reads in one transaction. Changes nothing.
 * @throws KatError LOCKED; what opening and reading throw.
 */
export async function readAppliedDatabase(
  driver: Driver,
  { tableName, waitMs, ...options }: AppliedStateOptions,
): Promise<AppliedDatabase> {
  return withSession(driver, 'kat drift', options, async (session) => {
    const place = await findLedger(session, tableName);
    return withSharedLock(session, place, { ...options, waitMs }, () =>
      namingHolders(session, 'a table is locked, so that the schema cannot be read', () =>
        readAtOnce(session, tableName),
      ),
    );
  });
}

async function readAtOnce(session: Session, tableName: string): Promise<AppliedDatabase> {
  await session.execute(session.sqlite ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const ledger = await findLedger(session, tableName);
    const without = await findKatTables(session, ledger);
    const [ids, halfDone, facts, snapshot, settings, appliers] = [
      await readAppliedIds(session, ledger),
      ledger.hasLog ? await readHalfDone(session, logTableOf(ledger)) : new Map(),
      await readAppliedFacts(session, ledger),
      await readSnapshot(session, { without }),
      session.sqlite ? noSettings : await readSettings(session, ledger.name.schema),
      session.sqlite ? [] : await readAppliers(session, ledger),
    ];
    // Nobody can wait there for a run to end.
    if (halfDone.size > 0) await refuseStandby(session);
    return {
      applied: ids,
      halfDone,
      facts,
      snapshot: withoutAppliers(snapshot, appliers),
      appliers,
      ...settings,
    };
  } finally {
    await session.execute('ROLLBACK');
  }
}

const noSettings = { roles: [], searchPath: undefined, ledgerSchema: undefined };

async function readSettings(session: Session, schema: string) {
  const [result] = await session.execute(
    `SELECT pg_catalog.current_setting('search_path') AS path,
       (SELECT pg_catalog.json_agg(rolname) FROM pg_catalog.pg_roles WHERE NOT pg_catalog.starts_with(rolname::pg_catalog.text, 'pg_')) AS roles`,
  );
  const [quoted] = await executeNeutrally(session, [`SELECT quote_ident(${quoteLiteral(schema)}) AS schema`]);
  const { path, roles } = result?.rows[0] ?? {};
  return {
    roles: JSON.parse(roles ?? '[]') as string[],
    searchPath: path ?? '',
    ledgerSchema: quoted?.rows[0]?.schema ?? '',
  };
}

/** The roles that applied migrations own what these create. */
async function readAppliers(session: Session, ledger: Ledger): Promise<string[]> {
  if (!ledger.hasLog) return [];
  const [result] = await executeNeutrally(session, [
    `SELECT DISTINCT quote_ident(database_user) AS role FROM ${logTableOf(ledger)} WHERE database_user IS NOT NULL`,
  ]);
  return (result?.rows ?? []).flatMap(({ role }) => role ?? []);
}

const anyApplier = 'CURRENT_USER';

/** Who applied a migration is not part of the schema. */
export function withoutAppliers(snapshot: SchemaSnapshot, appliers: readonly string[]): SchemaSnapshot {
  const roles = new Set([...appliers, snapshot.role]);
  const objects = snapshot.objects.map((object) =>
    [...roles].reduce((found, role) => neutralObject(found, role), object),
  );
  return { ...snapshot, objects, role: anyApplier };
}
