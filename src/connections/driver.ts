/** The whole of what Kat asks of a database: open a session, send a message, cancel it, close it. */

type DriverName = 'postgres' | 'pglite' | 'sqlite';

export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How to reach a database. What is left out comes from libpq's own variables and files, then from defaults. */
export interface DatabaseSettings {
  driver: DriverName;
  /** `postgres://…`; the single fields below override its parts. */
  url?: string;
  user?: string;
  password?: string;
  host?: string;
  port?: number;
  name?: string;
  sslmode?: SslMode;
  /** PGlite: an absolute folder. SQLite: an absolute file. Left out means in memory. */
  path?: string;
  connectTimeoutMs?: number;
}

/** SQL, or the parts of it: a part of a hundred megabytes is not copied into a longer text on its way. */
export type SqlText = string | readonly string[];

/** One statement's outcome, as text: no driver guesses at types. */
export interface StatementResult {
  /** The server's command tag, such as `INSERT 0 1` or `COMMIT`. */
  tag: string;
  rows: Record<string, string | null>[];
  /** Whether more rows came than were kept. */
  isCut?: boolean;
}

/** A NOTICE, WARNING or INFO that the server sent while a session ran. */
export interface Notice {
  severity: string;
  sqlstate: string;
  message: string;
  detail?: string;
  hint?: string;
  /** Whether it was written by RAISE in the SQL that ran, and not by PostgreSQL itself. */
  isRaised: boolean;
}

export type NoticeListener = (notice: Notice) => void;

export interface ServerInfo {
  /** As `server_version_num`: 180004 is 18.4. */
  versionNumber: number;
  /** As `server_version`: `18.4`. */
  version: string;
}

/** What only sessions of SQLite have. */
export interface SqliteFacts {
  /** The database's file, without symbolic links; undefined in memory. */
  readonly file: string | undefined;
  /** How long a statement waits for another connection's lock, in milliseconds; 0 means without end. */
  busyMs: number;
  /** Counted from 1: `renew` opens the next one. */
  readonly connection: number;
  /** Opens the file anew, so that no setting, attached database or temporary table is left. */
  renew(): Promise<void>;
}

/** What a server that speaks PostgreSQL's protocol, and is something else, keeps of PostgreSQL's promises. */
export interface Capabilities {
  /** Such as `CockroachDB CCL v25.1.2`: without the computer that it was built for. */
  name: string;
  /** `lease`: advisory locks lock nothing there, or are an error. */
  lock: 'advisory' | 'lease';
  /** `statement`: ROLLBACK does not undo it. */
  ddl: 'transactional' | 'statement';
  /** How many DDL statements a transaction takes. */
  ddlPerTransaction: 'any' | 'one';
  /** Whether a transaction takes DDL and rows. */
  mixesDdlAndDml: boolean;
}

/** One database connection. */
export interface Session {
  /** Known from when a run has tried the server; absent where it keeps all of them. */
  capabilities?: Capabilities;
  /** Present where the session speaks SQLite's SQL, and not PostgreSQL's. */
  readonly sqlite?: SqliteFacts;
  readonly server: ServerInfo;
  /** The server's process id from the connection's start-up; undefined where there are no processes. */
  readonly processId: number | undefined;
  /**
   * How plain string literals were read when the session began (`standard_conforming_strings`). `other syntax`: as the standard has them, and
   * the server is known to be none of PostgreSQL's, whose statements may have clauses of their own.
   */
  literals: 'standard' | 'backslashes' | 'other syntax';
  /** Whether the caller of the library owns the connection, with settings and temporary tables of its own. */
  readonly isBorrowed: boolean;
  /**
   * Sends `sql` as one message of the simple protocol, so that several statements travel together. A message may be
   * sent before the one ahead of it is answered; the server takes them in order.
   * @param onNotice receives the notices of this message; left out, they go to the session's listener.
   * @param keptRows how many rows of each statement are kept, and of at most 100 million characters in all, except by SQLite; all if left out. The others are read and dropped.
   * @returns one result a statement, in order.
   * @throws SqlError when a statement fails (the rest of the message is then skipped by the server);
   *   ConnectionError when the session is lost.
   */
  execute(sql: SqlText, onNotice?: NoticeListener, keptRows?: number): Promise<StatementResult[]>;
  /** Whom to tell about notices outside of messages that have a listener of their own; one listener at a time, undefined to stop. */
  onNotice(listener: NoticeListener | undefined): void;
  /** Cancels the session's running statement on the server. Never throws: a closed session has nothing to cancel. */
  cancel(): Promise<void>;
  /**
   * Ends the session, or gives it back to whom it belongs. Never throws.
   * @param reason the error for unanswered messages.
   */
  close(reason?: string): Promise<void>;
}

/** The part of a database's schema to dump. */
export interface DumpRequest {
  /** The server's, as `server_version_num`. */
  versionNumber: number;
  /** As SQL: only what is in these; everything where there is none. */
  schemas: readonly string[];
  /** As SQL: tables and sequences that are left out. */
  excludedTables: readonly string[];
  /** As SQL. */
  excludedSchemas: readonly string[];
  /** With owners and privileges, whose roles must exist wherever it is applied. */
  withRoles: boolean;
  /** The `pg_dump` to run, instead of the one on the PATH. */
  program?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** SQL that makes the schema anew. */
export interface Dump {
  text: string;
  /** The program that wrote it, such as `pg_dump 17.2`. */
  author: string;
}

/** A database as a whole: its name, its address, and, for an embedded one, its files. */
export interface WholeDatabase {
  /** Its name on the server, or that of its folder or file; undefined in memory. */
  readonly name: string | undefined;
  /**
   * Its URL for other programs.
   * @param showsPassword whether passwords are in it; otherwise `***` is.
   */
  url(options: { showsPassword: boolean }): string;
  /** Only of an embedded database that is not in memory. */
  readonly files?: DatabaseFiles;
}

/** The files of an embedded database. No session may be open meanwhile. */
export interface DatabaseFiles {
  /** Creates them where `Driver.isAbsent`. @throws ConnectionError */
  create(): Promise<void>;
  /** @throws ConnectionError where another program has them open, or the path holds anything else. */
  remove(): Promise<void>;
}

/** A database that sessions can be opened on. */
export interface Driver {
  readonly name: DriverName;
  /** Its place, for messages: never with a password. */
  readonly description: string;
  /**
   * Whether a second session can be opened beside the first at this moment, and can ask about it: not in an embedded database,
   * nor on one borrowed connection, nor while a borrowed pool has no other client.
   */
  readonly hasManySessions: boolean;
  /** Why a second session is not to be had, where there might be one at other times. */
  whyOneSession?(): string | undefined;
  /** How long a server that owes us an answer, and does not work on it, may be silent; left out, for ever. */
  readonly answerTimeoutMs?: number;
  /**
   * @param applicationName what `pg_stat_activity` shows of this session.
   * @param signal gives up connecting when it is aborted, where that can be done.
   * @throws ConnectionError
   */
  open(applicationName: string, signal?: AbortSignal): Promise<Session>;
  /**
   * As `open`, for work that changes nothing: a database that does not exist yet is not created. The session is then one
   * of an empty database. Left out where `open` creates nothing either.
   */
  openForReading?(applicationName: string, signal?: AbortSignal): Promise<Session>;
  /** Whether there is no database yet, where that shows without opening one. */
  isAbsent?(): boolean;
  /**
   * Writes the schema down, without rows; left out where there is no program that could.
   * @throws KatError USAGE when there is no fitting `pg_dump`; SQL_ERROR in its own words when it fails; CANCELLED.
   */
  dumpSchema?(request: DumpRequest): Promise<Dump>;
  /** Left out on a connection of the caller's. */
  readonly whole?: WholeDatabase;
  /** Ends what the driver itself holds. Never ends what the caller owns. */
  close(): Promise<void>;
}
