/** Opens the throwaway database of a verification when it is needed: results of earlier runs may do. */

import type { Graph } from '../../graph/graph.js';
import { readSqlTexts } from '../../project/folder/sql-texts.js';
import type { LintPlace } from '../lint/choose-migrations.js';
import type { ResembledServer } from '../throwaway/choose-place.js';
import { sayClusterChange } from '../throwaway/cluster-changes.js';
import { openThrowaway } from '../throwaway/open-throwaway.js';
import { type DatabaseOption, readServer } from '../throwaway/server-settings.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import { describeEmbedded, describeServer } from './cache/environment.js';
import { readClusterChange } from './migration-texts.js';
import type { VerifyOptions } from './result.js';

/** The project, and how its database can be asked. */
export interface VerifyPlace extends LintPlace {
  database: DatabaseOption;
  isSqlite: boolean;
  /** The major version to execute on, where neither an option nor a database decides. */
  serverVersion: number | undefined;
}

export interface TrialPlace {
  /**
   * Describes what decides about results there, beside the migrations. A server is asked for it.
   * @returns undefined where results cannot be kept, or need not be, as on SQLite. @throws as `open`
   */
  describe(): Promise<string | undefined>;
  /** Opens the database at the first call. @throws what opening a throwaway database throws. */
  open(): Promise<Throwaway>;
  /** Does nothing the second time. Never throws. */
  close(): Promise<void>;
}

/**
 * @param ids of the migrations that are going to run, beside their ancestors.
 * @throws what asking the project's database throws.
 */
export async function findTrialPlace(
  place: VerifyPlace,
  options: VerifyOptions,
  { graph, ids }: { graph: Graph; ids: ReadonlySet<string> },
): Promise<TrialPlace> {
  const { on } = options;
  const { directory, isSqlite, onEvent, signal } = place;
  const server = await chooseServer(place, options);
  let opened: Promise<Throwaway> | undefined;
  let closed: Promise<void> | undefined;
  const open = () =>
    (opened ??= openThrowaway(
      { on, server, isSqlite },
      {
        ...{ directory, onEvent, signal, readSql: () => readSqlTexts(directory) },
        whyNotShared: () => findSharedChange(graph, ids),
      },
    ));
  const isEmbedded = on === 'pglite' || ((on === undefined || on === 'server') && !server);
  return {
    describe: async () =>
      isSqlite ? undefined : isEmbedded ? describeEmbedded() : describePlace(await open(), place),
    open,
    close: () => (closed ??= closeOpened(opened)),
  };
}

async function closeOpened(opened: Promise<Throwaway> | undefined): Promise<void> {
  const throwaway = await opened?.catch(() => undefined);
  await throwaway?.close();
}

function describePlace({ kind, driver }: Throwaway, place: VerifyPlace): Promise<string | undefined> {
  return describeServer(kind, driver, place);
}

/** A database counts only where it is asked anyway, or by wish: nothing else of verify needs one. */
async function chooseServer(
  place: VerifyPlace,
  { on, pending }: VerifyOptions,
): Promise<ResembledServer | undefined> {
  const { serverVersion, database, isSqlite } = place;
  if (isSqlite) return undefined;
  if (on === 'server' || (on === undefined && pending))
    return readServer(await place.getDriver(), database, place);
  return serverVersion === undefined ? undefined : { major: serverVersion, settings: undefined };
}

/**
 * @param ids whose ancestors run as well.
 * @returns what they would change that all databases of a server share.
 */
export async function findSharedChange(graph: Graph, ids: ReadonlySet<string>): Promise<string | undefined> {
  const wanted = new Set([...ids].flatMap((id) => [id, ...graph.ancestors(id)]));
  for (const migration of graph.migrations.filter(({ id }) => wanted.has(id))) {
    const change = await readClusterChange(migration, ['up', 'down']);
    if (change !== undefined) return sayClusterChange(migration.id, change);
  }
  return undefined;
}
