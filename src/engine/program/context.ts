/** What a migration in TypeScript or JavaScript gets from Kat, as types without imports of code. */

/** A name in SQL, as `identifier` makes it for a template. */
export interface SqlIdentifier {
  readonly identifier: string;
}

/**
 * A value in a template. Values become literals, which PostgreSQL reads by the place where they stand: numbers and dates too are
 * sent as quoted texts. An array becomes a PostgreSQL array, bytes become `bytea`, any other object becomes JSON.
 */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | null
  | undefined
  | SqlIdentifier
  | readonly SqlValue[]
  | { readonly [key: string]: unknown };

/** One row: each value as the server's text, and null for NULL. */
export type SqlRow = Record<string, string | null>;

/** Runs SQL in the migration's transaction. A template binds its values; a text by itself is sent as it is. */
export interface RunSql<Result> {
  (template: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<Result>;
  (text: string): Promise<Result>;
}

/**
 * What `up.ts` or `down.ts` works with, until its function has ended.
 *
 * @example
 * ```ts
 * export default async ({ sql, rows, log }: MigrationContext) => {
 *   for (const { id, name } of await rows`SELECT id, name FROM users WHERE slug IS NULL`)
 *     await sql`UPDATE users SET slug = ${slugOf(name)} WHERE id = ${id}`;
 *   log('slugs are written');
 * };
 * ```
 */
export interface MigrationContext {
  /** Runs one or more statements. Resolves with the number of rows that the last one concerned. */
  readonly sql: RunSql<number>;
  /** Runs a query, and resolves with the rows of its last statement: at most 100,000 rows, of at most 100 million characters. */
  readonly rows: RunSql<SqlRow[]>;
  /** The name of a table, a column or any other object in a template. */
  identifier(name: string): SqlIdentifier;
  /** Shows a line among the notices of the run. */
  log(...values: readonly unknown[]): void;
  /** Aborted when the run is cancelled. The program is ended two seconds later. */
  readonly signal: AbortSignal;
  /** The migration's id. */
  readonly id: string;
  readonly direction: 'up' | 'down';
}

/** The default export of `up.ts` and `down.ts`. */
export type MigrationProgram = (context: MigrationContext) => void | Promise<void>;
