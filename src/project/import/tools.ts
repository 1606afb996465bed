/** The migration tools whose folders Kat imports. Only the adapter of the tool in question is loaded. */

import type { ImportAdapter } from './adapter.js';

const adapters = {
  dbmate: async () => (await import('./tools/dbmate.js')).dbmate,
  'golang-migrate': async () => (await import('./tools/golang-migrate.js')).golangMigrate,
  goose: async () => (await import('./tools/goose.js')).goose,
  flyway: async () => (await import('./tools/flyway.js')).flyway,
  'node-pg-migrate': async () => (await import('./tools/node-pg-migrate.js')).nodePgMigrate,
  prisma: async () => (await import('./tools/prisma.js')).prisma,
  drizzle: async () => (await import('./tools/drizzle.js')).drizzle,
  sqitch: async () => (await import('./tools/sqitch.js')).sqitch,
  alembic: async () => (await import('./tools/alembic.js')).alembic,
  supabase: async () => (await import('./tools/supabase.js')).supabase,
  sqlx: async () => (await import('./tools/sqlx.js')).sqlx,
  diesel: async () => (await import('./tools/diesel.js')).diesel,
  tern: async () => (await import('./tools/tern.js')).tern,
  refinery: async () => (await import('./tools/refinery.js')).refinery,
  atlas: async () => (await import('./tools/atlas.js')).atlas,
  'graphile-migrate': async () => (await import('./tools/graphile-migrate.js')).graphileMigrate,
  liquibase: async () => (await import('./tools/liquibase.js')).liquibase,
  knex: async () => (await import('./tools/knex.js')).knex,
  typeorm: async () => (await import('./tools/typeorm.js')).typeorm,
} satisfies Record<string, () => Promise<ImportAdapter>>;

export type ImportTool = keyof typeof adapters;

/** By the names that `--from` takes. */
export const importTools = Object.keys(adapters) as readonly ImportTool[];

export function loadAdapter(tool: ImportTool): Promise<ImportAdapter> {
  return adapters[tool]();
}
