/** Options and results of the methods that create, drop and name a whole database. */

import type { ServerInfo } from '../../connections/driver.js';
import type { ServerSession } from '../events.js';

/** How long `waitForServer` waits by default, in milliseconds. */
export const defaultServerWaitMs = 60_000;

export interface CreateDatabaseResult {
  /** The database, without its password: `postgres://app@localhost:5432/shop`, or `pglite` or `sqlite` with its path. */
  database: string;
  /** False if the database existed already. */
  isCreated: boolean;
}

/** What is about to be dropped. */
export interface DatabaseToDrop {
  /** As in `CreateDatabaseResult`. */
  database: string;
  /** The name on the server, or that of the folder or file. */
  name: string;
  /** The sessions that are connected to it; only with `force`. */
  sessions: readonly ServerSession[];
}

export interface DropDatabaseOptions {
  /** Ends the sessions that are connected to it. Without it, they are an error. */
  force?: boolean | undefined;
  /** Called before anything is done; false drops nothing. */
  confirm?: ((database: DatabaseToDrop) => boolean | Promise<boolean>) | undefined;
}

export interface DropDatabaseResult {
  /** As in `CreateDatabaseResult`. */
  database: string;
  /** False if there was no such database. */
  isDropped: boolean;
  /** The sessions that were ended. */
  sessions: readonly ServerSession[];
}

export interface WaitForServerOptions {
  /** How long to wait, in milliseconds. Default one minute. */
  timeoutMs?: number | undefined;
}

/** A server that takes connections. */
export interface ReachedServer {
  /** As in `CreateDatabaseResult`. */
  database: string;
  /** Whether the database exists. */
  exists: boolean;
  /** Absent if the server told no version, because the database does not exist. */
  server?: ServerInfo;
}

export interface DatabaseUrlOptions {
  /** Writes passwords into the URL instead of `***`. */
  showPassword?: boolean | undefined;
}
