/** Builds the schema of a migrations folder, or of an SQL file, in a throwaway database. */

import type { Session } from '../../connections/driver.js';
import { ConnectionError, KatError, MigrationError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { readSqlTexts } from '../../project/folder/sql-texts.js';
import { quoteIdentifier } from '../../quote.js';
import { readEffects } from '../../sql/effects/read-effects.js';
import type { SchemaSnapshot } from '../../sql/snapshot/snapshot.js';
import { loadParser } from '../../sql/syntax/parse.js';
import { readSql } from '../deps/read-sql.js';
import { defaultWaits } from '../policy/waits.js';
import { run } from '../run/run.js';
import { cancelledWhile } from '../session/cancel.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { findClusterChange, refuseClusterChange } from '../throwaway/cluster-changes.js';
import { guardShared, refuseSharedChange } from '../throwaway/guard-shared.js';
import { openThrowaway, type ThrowawayPlace } from '../throwaway/open-throwaway.js';
import { explainOwnTable } from '../throwaway/own-table.js';
import { type OwnTables, ownTablesOf } from '../throwaway/own-tables.js';
import { throwPlaceFailure } from '../throwaway/place-failure.js';
import { progressOfRun } from '../throwaway/run-progress.js';
import { refuseOutsideFile, refuseOutsideMigrations } from '../throwaway/sqlite/refuse-outside-file.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import { refusePrograms } from './refuse-programs.js';

/** Where a schema is built. */
export interface BuildPlace extends ShortSessionOptions {
  place: ThrowawayPlace;
  /** Names of roles that the SQL may name. */
  roles: readonly string[];
  /** A folder of the project. */
  project: string;
  /** Whether a hash of each table's rows is read, too. Default `none`. */
  rows?: 'none' | 'all';
}

/** Migrations that are applied. */
export interface FolderSource {
  directory: string;
  /** References as on the command line; undefined means all. */
  to?: readonly string[];
  /** Ids of migrations that are applied before the others, with their ancestors. */
  first?: readonly string[];
}

/** A schema, and the one that the database had before. */
export interface BuiltSchema {
  snapshot: SchemaSnapshot;
  blank: SchemaSnapshot;
  /** The server's version. */
  server: string;
}

const ownSchema = 'kat_build';

/**
 * @throws KatError STATE_UNKNOWN for a migration that fails there; USAGE for a program, and for one that would change more of a server than its database; what opening the throwaway database throws; CANCELLED.
 */
export async function buildSchema(source: FolderSource, build: BuildPlace): Promise<BuiltSchema> {
  const { graph, isWanted } = await findWanted(source);
  refusePrograms(graph.migrations.filter(isWanted));
  return buildBy(
    {
      readSql: () => readSqlTexts(source.directory),
      findChange: () => findSharedChange(source),
      refuseOutsideFiles: () => refuseOutsideFiles(source),
      fill: (throwaway) => applyMigrations(source, throwaway, build),
    },
    build,
  );
}

/**
 * @param text statements, all of which run in one transaction.
 * @throws SqlError for SQL that fails; what opening the throwaway database throws; CANCELLED.
 */
export async function buildFromSql(text: string, build: BuildPlace): Promise<BuiltSchema> {
  return buildBy(
    {
      readSql: () => [text],
      findChange: async () => findClusterChange('the SQL file', readEffects(await loadParser(), text)),
      refuseOutsideFiles: async () => refuseOutsideFile('the SQL file', text),
      fill: (throwaway) =>
        inSession(throwaway, build.signal, async (session) => {
          const guard = throwaway.kind === 'shared server' ? [refuseSharedChange] : [];
          await session.execute([text, ...guard].join('\n;\n'));
        }),
    },
    build,
  );
}

async function findSharedChange(source: FolderSource): Promise<string | undefined> {
  const { graph, isWanted } = await findWanted(source);
  const changes = (await readSql(graph)).flatMap(({ id, effects }) =>
    isWanted({ id }) ? (findClusterChange(id, effects) ?? []) : [],
  );
  return changes[0];
}

async function refuseOutsideFiles(source: FolderSource): Promise<void> {
  const { graph, isWanted } = await findWanted(source);
  refuseOutsideMigrations(graph.migrations.filter(isWanted), ['up']);
}

async function findWanted({ directory, to }: FolderSource) {
  const graph = buildGraph(await loadMigrations(directory));
  const ends = to?.flatMap((reference) => findMigrations(graph, reference).map(({ id }) => id));
  const wanted = ends && new Set(ends.flatMap((id) => [id, ...graph.ancestors(id)]));
  return { graph, isWanted: ({ id }: { id: string }) => !wanted || wanted.has(id) };
}

/** SQL that makes a schema. */
interface SchemaSql {
  readSql: () => Iterable<string>;
  /** @returns what the SQL would change of the server, beside its database. */
  findChange: () => Promise<string | undefined>;
  /** For SQLite. @throws KatError USAGE where the SQL would reach another file. */
  refuseOutsideFiles: () => Promise<void>;
  fill: (throwaway: Throwaway) => Promise<void>;
}

function buildBy(sql: SchemaSql, build: BuildPlace): Promise<BuiltSchema> {
  return cancelledWhile('the schema was built in a throwaway database', build.signal, () =>
    fillThrowaway(sql, build),
  );
}

async function fillThrowaway(
  { readSql, findChange, refuseOutsideFiles: refuseOthers, fill }: SchemaSql,
  { place, roles, project, rows = 'none', onEvent, signal }: BuildPlace,
): Promise<BuiltSchema> {
  const throwaway = await openThrowaway(place, {
    ...{ readSql, whyNotShared: findChange, directory: project, onEvent, signal },
  });
  try {
    if (throwaway.kind === 'shared server') refuseClusterChange(await findChange());
    if (place.isSqlite) await refuseOthers();
    const { blank, server } = await inSession(throwaway, signal, async (session) => {
      const found = await readSnapshot(session);
      await prepare(session, throwaway, roles);
      return { blank: found, server: session.server.version };
    });
    await fill(throwaway);
    const { tables: without } = ownTablesOf(throwaway, ownSchema);
    const snapshot = await inSession(throwaway, signal, (session) =>
      readSnapshot(session, { without, rows }),
    );
    return { snapshot: withoutOwn(snapshot), blank, server };
  } finally {
    await throwaway.close();
  }
}

function inSession<T>(
  { driver }: Throwaway,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(driver, 'kat', { onEvent: () => undefined, signal }, work);
}

/** Roles belong to the whole server, so only a database of one's own gets those of another server. */
async function prepare(session: Session, { kind }: Throwaway, roles: readonly string[]): Promise<void> {
  if (session.sqlite) return;
  await session.execute(`CREATE SCHEMA ${ownSchema}`);
  if (kind === 'shared server') return;
  const [known] = await session.execute('SELECT rolname AS role FROM pg_catalog.pg_roles');
  const existing = new Set(known?.rows.map(({ role }) => role));
  for (const role of roles)
    if (!existing.has(role)) await session.execute(`CREATE ROLE ${quoteIdentifier(role)}`);
}

function withoutOwn({ objects, ...snapshot }: SchemaSnapshot): SchemaSnapshot {
  const isOwn = ({ schema, kind, name }: SchemaSnapshot['objects'][number]) =>
    schema === ownSchema || (kind === 'schema' && name === ownSchema);
  return { ...snapshot, objects: objects.filter((object) => !isOwn(object)) };
}

async function applyMigrations(
  { directory, to, first }: FolderSource,
  throwaway: Throwaway,
  { onEvent, signal }: ShortSessionOptions,
): Promise<void> {
  const { driver } = throwaway;
  const own = ownTablesOf(throwaway, ownSchema);
  const setting = {
    ...{ driver, directory, tableName: own.tableName, signal, ...guardShared(throwaway) },
    ...{ checksums: 'off' as const, lint: { onUp: 'off' as const }, onEvent: progressOfRun(onEvent) },
    ...{ lockWaitMs: defaultWaits.lockWaitMs, waits: { ...defaultWaits, statementTimeoutMs: undefined } },
  };
  const manner = { isDryRun: false, isRehearsal: false, allowMissing: false, isSingleTransaction: false };
  try {
    for (const ends of first ? [first, to] : [to])
      await run(setting, { move: { kind: 'up', count: undefined, to: ends }, ...manner, confirm: undefined });
  } catch (error) {
    throwPlaceFailure(error, throwaway);
    throw error instanceof MigrationError && !(error.cause instanceof ConnectionError)
      ? cannotBuild(error, throwaway, own)
      : error;
  }
}

const usualHelp =
  'If the migration needs an extension or another major version, build on a server: `--on URL`.';

const sqliteHelp =
  'If the migration succeeds in your database, it depends on rows or tables that no migration creates. Create them in an earlier migration.';

function cannotBuild(error: MigrationError, { driver }: Throwaway, { tables: [own] }: OwnTables): KatError {
  const [problem] = error.problems;
  const reason = problem?.message ?? error.message;
  return new KatError(
    'STATE_UNKNOWN',
    `the schema cannot be built: ${error.migration} fails on the throwaway database: ${reason}`,
    {
      help: (own && explainOwnTable(error, own)) ?? (driver.name === 'sqlite' ? sqliteHelp : usualHelp),
      ...(problem ? { problems: [problem] } : {}),
      cause: error,
    },
  );
}
