/** The databases of tests, as programs see them. */

import type { Kat } from '../engine/kat-api.js';

/** One row, with values as `pg` and PGlite decode them. */
export type TestRow = Record<string, unknown>;

/** A connected `Client` of `pg`. */
export interface TestClient {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: TestRow[]; rowCount: number | null }>;
  connect(...args: never[]): unknown;
  on(...args: never[]): unknown;
}

/** A `PGlite`: cast it where all of its methods are needed. Its own types need settings of TypeScript that not every program has. */
export interface TestPglite {
  readonly closed: boolean;
  query<R = TestRow>(sql: string, values?: unknown[]): Promise<{ rows: R[] }>;
  exec(sql: string): Promise<{ rows: TestRow[] }[]>;
  execProtocol(...args: never[]): unknown;
  runExclusive(...args: never[]): unknown;
}

/** A database that belongs to one test. */
export interface TestDatabase {
  /** Its name on the server; `memory` for PGlite. */
  readonly name: string;
  /** How to connect to it. @throws KatError USAGE for PGlite, which has no URL. */
  readonly url: string;
  /** The database itself. @throws KatError USAGE for a database on a server. */
  readonly pglite: TestPglite;
  /** A Kat on this database and the migrations folder. It is closed with the database. */
  readonly kat: Kat;
  /**
   * A connection that is opened at the first call, and closed with the database. In the mode `rollback` it has the transaction of
   * the test.
   * @throws KatError USAGE for PGlite.
   */
  client(): Promise<TestClient>;
  /**
   * Executes SQL: on `client()`, or in PGlite. Without values it may be several statements.
   * @returns the rows of the last statement.
   */
  query<R = TestRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** Drops it. In the mode `rollback` it rolls the test back. */
  drop(): Promise<void>;
  /**
   * Keeps it for a look, in place of `drop`.
   * @param test the name of the test that failed.
   * @returns where it is, and how to open it. A password is masked.
   */
  keep(test?: string): Promise<string>;
}

/** Makes databases for tests. */
export interface TestDatabases {
  /** Builds the template, unless it exists, so that no test has to wait for it. In the mode `rollback` it also makes the database. */
  prepare(): Promise<void>;
  /** A database with all migrations and the seed. */
  database(): Promise<TestDatabase>;
  /**
   * A database with the ancestors of a migration, but without that migration and without the seed: insert rows, then apply the
   * migration with `kat.up`. It is a clone in both modes.
   */
  at(reference: string): Promise<TestDatabase>;
  /**
   * Runs a test: the database is dropped when it succeeds. When it fails, the database is kept, and a line on stderr says where.
   * @param test its name, for that line.
   */
  use<T>(work: (database: TestDatabase) => T | Promise<T>, test?: string): Promise<T>;
  /** Drops everything that was not kept. Templates stay for the next run. */
  close(): Promise<void>;
}
