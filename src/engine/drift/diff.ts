/** Compares any two schemas: of databases, git revisions, migrations and SQL files. */

import { openDriver } from '../../connections/open-connection.js';
import type { SchemaSnapshot } from '../../sql/snapshot/snapshot.js';
import type { ShortSessionOptions } from '../session/connect.js';
import { type AppliedDatabase, readAppliedDatabase, withoutAppliers } from './applied-state.js';
import { buildFromSql, buildSchema } from './build-schema.js';
import { compareSchemas } from './compare-schemas.js';
import type { CompareSchemaOptions, SchemaComparison } from './result.js';
import { findSchemaSource, type SchemaSource, type SourceSetting } from './schema-source.js';

export interface DiffSetting extends SourceSetting, ShortSessionOptions {
  tableName: string;
  /** How long to wait for a runner, in milliseconds. */
  lockWaitMs: number;
}

/**
 * Databases are only read. Everything else is built in a throwaway database of the same major version.
 * @param names the first and the second schema.
 * @throws KatError USAGE for what is no schema, and for databases of two major versions; STATE_UNKNOWN for migrations that fail there.
 */
export async function diff(
  setting: DiffSetting,
  names: readonly [string, string],
  options: CompareSchemaOptions,
): Promise<SchemaComparison> {
  const [first, second] = [
    await findSchemaSource(names[0], setting),
    await findSchemaSource(names[1], setting),
  ];
  try {
    const databases = [await readIfDatabase(first, setting), await readIfDatabase(second, setting)] as const;
    const known = databases.find((database) => database !== undefined);
    const [settings] = [first, second].flatMap((source) =>
      source.kind === 'database' ? source.settings : [],
    );
    const { directory: project, isSqlite, onEvent, signal } = setting;
    const place = { on: options.on, server: known && { major: known.snapshot.major, settings }, isSqlite };
    const build = async (source: SchemaSource) =>
      withoutAppliers(
        await buildSource(source, { place, roles: known?.roles ?? [], project, onEvent, signal }),
        known?.appliers ?? [],
      );
    const before = databases[0]?.snapshot ?? (await build(first));
    const after = databases[1]?.snapshot ?? (await build(second));
    const { takeOver: _, putBack: __, ...result } = compareSchemas(before, after, options);
    return result;
  } finally {
    for (const source of [first, second]) if ('remove' in source) source.remove?.();
  }
}

async function readIfDatabase(
  source: SchemaSource,
  { tableName, lockWaitMs, onEvent, signal }: DiffSetting,
): Promise<AppliedDatabase | undefined> {
  if (source.kind !== 'database') return undefined;
  const driver = await openDriver(source.settings);
  try {
    return await readAppliedDatabase(driver, { tableName, waitMs: lockWaitMs, onEvent, signal });
  } finally {
    await driver.close();
  }
}

async function buildSource(
  source: SchemaSource,
  build: Parameters<typeof buildSchema>[1],
): Promise<SchemaSnapshot> {
  if (source.kind === 'file') return (await buildFromSql(source.text, build)).snapshot;
  if (source.kind === 'migrations') return (await buildSchema(source, build)).snapshot;
  throw new Error('a database is read, not built');
}
