/** Writes a root migration for an existing database. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { hasMigrationsFolder, listMigrationIds } from '../../project/folder/load.js';
import { type NewMigration, writeMigration } from '../../project/folder/write.js';
import type { AddedMigration } from '../author/add-migration.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type Ledger, readAppliedIds } from '../ledger/ledger.js';
import { withConnection } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { underLock } from '../session/with-locked-session.js';
import { type DumpOptions, dumpSchema, type SchemaDump } from './dump-schema.js';
import { writeRecorded } from './write-recorded.js';

export interface BaselineOptions extends DumpOptions {
  /** Default `baseline`. */
  name?: string | undefined;
  /** Whether it is recorded as applied on this database; default true. */
  record?: boolean | undefined;
  /** Write the schema down and check it, and keep nothing of it. */
  dryRun?: boolean | undefined;
}

export interface BaselineResult extends Omit<SchemaDump, 'sql'> {
  isDryRun: boolean;
  isRecorded: boolean;
  /** Undefined in a dry run. */
  added: AddedMigration | undefined;
}

/**
 * @throws KatError USAGE when there are migrations already, in the folder or in the database, or no fitting `pg_dump`; what
 *   dumping, writing and recording throw. Then no folder is left behind.
 */
export async function baseline(setting: RunSetting, options: BaselineOptions): Promise<BaselineResult> {
  const { dryRun: isDryRun = false, record: isRecorded = true } = options;
  refuseMigrations(setting.directory);
  return withConnection(setting, 'baseline', async (place) => {
    const before = await readEmptyLedger(setting, place.session);
    if (isDryRun || !isRecorded) {
      const { sql, ...dump } = await take(setting, { ...place, ledger: before }, options);
      const added = isDryRun ? undefined : write(setting, options, { sql, ...dump });
      return { ...dump, isDryRun, isRecorded: false, added };
    }
    return underLock(setting, place, async (lockedSession) => {
      const ledger = await readEmptyLedger(setting, lockedSession.session);
      const { sql, ...dump } = await take(setting, { session: lockedSession.session, ledger }, options);
      const migration = newMigration(options, { sql, ...dump });
      const added = await writeRecorded(setting, lockedSession, { command: 'baseline', migration });
      return { ...dump, isDryRun, isRecorded, added };
    });
  });
}

function refuseMigrations(directory: string): void {
  const ids = hasMigrationsFolder(directory) ? listMigrationIds(directory) : [];
  if (ids.length === 0) return;
  throw new KatError('USAGE', `${directory} already has ${counted(ids.length, 'migration')}`, {
    help: 'A baseline is the first migration of a project. Use `kat stamp` to record the migrations this database already has.',
  });
}

async function readEmptyLedger({ tableName }: RunSetting, session: Session): Promise<Ledger> {
  const ledger = await findLedger(session, tableName);
  const applied = await readAppliedIds(session, ledger);
  if (applied.length === 0) return ledger;
  throw new KatError('USAGE', `this database already has ${counted(applied.length, 'applied migration')}`, {
    help: 'A baseline is for a database that Kat has never migrated. Check out the branch with its migrations.',
  });
}

function take(
  { driver, signal }: RunSetting,
  place: { session: Session; ledger: Ledger },
  options: BaselineOptions,
): Promise<SchemaDump> {
  if (place.session.sqlite) return takeSqlite(place, options);
  return dumpSchema(driver, { ...place, signal }, options);
}

async function takeSqlite(...args: Parameters<DumpSqlite>): Promise<SchemaDump> {
  return (await import('./dump-sqlite.js')).dumpSqliteSchema(...args);
}

type DumpSqlite = typeof import('./dump-sqlite.js').dumpSqliteSchema;

function write(setting: RunSetting, options: BaselineOptions, dump: SchemaDump): AddedMigration {
  const { id, parents, files } = writeMigration(setting.directory, newMigration(options, dump));
  return { id, parents, files };
}

function newMigration({ name = 'baseline' }: BaselineOptions, { sql, author }: SchemaDump) {
  return {
    name,
    parents: [],
    description: 'The existing schema when Kat was introduced.',
    sql: { up: `${heading(author)}\n${sql}`, down: null },
    now: Math.floor(Date.now() / 1000),
  } satisfies NewMigration;
}

function heading(author: string): string {
  return `-- The existing schema when Kat was introduced, written by ${author}.
-- There is no down.sql on purpose: nobody should drop all of it by accident.
`;
}
