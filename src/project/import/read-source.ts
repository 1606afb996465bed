/** Reads the migrations folder of another tool. */

import { readAlembic } from './alembic.js';
import { readDbmate } from './dbmate.js';
import { readDiesel } from './diesel.js';
import { readDrizzle } from './drizzle.js';
import { readFlyway } from './flyway.js';
import { readGolangMigrate } from './golang-migrate.js';
import { readGoose } from './goose.js';
import { readNodePgMigrate } from './node-pg-migrate.js';
import { readPrisma } from './prisma.js';
import {
  type ImportTool,
  locateInSource,
  type SourceFolder,
  type SourceMigration,
  type SourceReading,
} from './source.js';
import { openSource } from './source-folder.js';
import { readSqitch } from './sqitch.js';
import { readSqlx } from './sqlx.js';
import { readSupabase } from './supabase.js';

export interface SourceOptions {
  /** What stands for Flyway's placeholders, by name. */
  placeholders?: Readonly<Record<string, string>>;
}

const readers: Record<Exclude<ImportTool, 'flyway'>, (folder: SourceFolder) => SourceMigration[]> = {
  dbmate: readDbmate,
  'golang-migrate': readGolangMigrate,
  goose: readGoose,
  'node-pg-migrate': readNodePgMigrate,
  prisma: readPrisma,
  drizzle: readDrizzle,
  sqitch: readSqitch,
  alembic: readAlembic,
  supabase: readSupabase,
  sqlx: readSqlx,
  diesel: readDiesel,
};

/**
 * Reads all migrations in `directory` as `tool` would, and changes nothing there.
 * @throws KatError FILES_INVALID when there is no such folder.
 */
export function readSource(tool: ImportTool, directory: string, options: SourceOptions = {}): SourceReading {
  const folder = openSource(directory);
  const migrations =
    tool === 'flyway' ? readFlyway(folder, options.placeholders ?? {}) : readers[tool](folder);
  const { problems, warnings, root } = folder;
  refuseSharedKeys(folder, migrations);
  if (migrations.length === 0 && problems.length === 0) {
    problems.push({
      message: `there are no migrations of ${tool} in ${root}`,
      help: 'Give the folder that the other tool is configured with.',
    });
  }
  return { migrations, problems, warnings };
}

/** By its key a migration is found in the tracking table. */
function refuseSharedKeys({ problems }: SourceFolder, migrations: readonly SourceMigration[]): void {
  const seen = new Map<string, string>();
  for (const { key, label, up } of migrations) {
    const earlier = seen.get(key);
    seen.set(key, label);
    if (earlier === undefined) continue;
    problems.push({
      message: `${earlier} and ${label} are one migration to the other tool: they have the same number or name`,
      location: locateInSource(up),
      help: 'Keep one of them, or give each its own.',
    });
  }
}
