/** The library's interface: the methods of what `createKat` makes, in one list, as editors show it. */

import type { ServerInfo } from '../connections/driver.js';
import type { Graph } from '../graph/graph.js';
import type { Migration } from '../graph/migration.js';
import type { AddOptions, AddResult } from './author/add-migration.js';
import type { MergeOptions, MergeResult } from './author/merge.js';
import type { BlameResult } from './blame/result.js';
import type { BundleOptions, BundleResult } from './bundle/result.js';
import type { CheckOptions, CheckResult } from './check/result.js';
import type {
  CreateDatabaseResult,
  DatabaseUrlOptions,
  DropDatabaseOptions,
  DropDatabaseResult,
  ReachedServer,
  WaitForServerOptions,
} from './database/result.js';
import type { DepsOptions, DepsResult, ParentsChange } from './deps/result.js';
import type { DoctorResult } from './doctor/result.js';
import type { DiffOptions, DriftOptions, DriftResult, SchemaComparison } from './drift/result.js';
import type { EnsureOptions, EnsureResult } from './ensure/ensure.js';
import type { KatEvent, ServerSession } from './events.js';
import type { ExportOptions } from './export/export-options.js';
import type { ImportOptions, ImportResult } from './import/import.js';
import type { LintOptions, LintResult } from './lint/result.js';
import type { DownOptions, RedoOptions, SyncOptions, UpOptions } from './move-options.js';
import type { MovePlan } from './plan/move-plan.js';
import type { PlanOptions, PlanSqlOptions } from './plan-options.js';
import type { GraphDescription, GraphOptions } from './read/graph-description.js';
import type { History, HistoryFilter } from './read/history.js';
import type { RunObservation } from './read/observe-run.js';
import type { PingOptions } from './read/ping.js';
import type { MigrationDetails, ShowOptions } from './read/show.js';
import type { Status } from './read/status.js';
import type { BaselineOptions, BaselineResult } from './records/baseline.js';
import type { RepairOptions, RepairResult } from './records/repair.js';
import type { StampOptions, StampResult } from './records/stamp.js';
import type { ReportOptions, ReportResult } from './report/result.js';
import type { RunResult } from './run/run-result.js';
import type { SchemaOptions, SchemaResult } from './schema/result.js';
import type { PlanScript } from './script/script.js';
import type { SquashOptions, SquashResult } from './squash/squash.js';
import type { ValidateOptions, Validation } from './validate/validate.js';
import type { VerifyOptions, VerifyResult } from './verify/result.js';

/**
 * A migrations folder and its database. Every method rejects with a KatError: `USAGE` for wrong arguments, `GRAPH_INVALID`,
 * `FILES_INVALID` and the like for the folder, `CANCELLED` after an abort. The examples continue this one.
 *
 * @example
 * const kat = createKat({ migrations: 'migrations', database: 'postgres://localhost/app' });
 */
export interface Kat {
  /**
   * Applies pending migrations, parents before children.
   * @returns the migrations that were applied, in order; empty if nothing was pending.
   * @throws MigrationError for a migration that failed; the earlier ones stay applied and are its `finished`.
   * @example
   * const { migrations } = await kat.up({ to: ['create_users'] });
   */
  up(options?: UpOptions): Promise<RunResult>;
  /**
   * Makes sure, at the start of a program, that no migration is pending: applies them, waits until another run has, or only looks.
   * @throws KatError PENDING when migrations are pending or under way in the end; MIGRATION_HALF_DONE when one is half rolled back;
   *   USAGE for `apply` in a serverless function; what `up` throws.
   * @example
   * await kat.ensure({ mode: 'wait', timeoutMs: 60_000 });
   */
  ensure(options?: EnsureOptions): Promise<EnsureResult>;
  /**
   * Rolls migrations back, children before parents: by default the one that was applied last.
   * @throws MigrationError for a migration that failed; KatError CANCELLED if `confirm` returns false.
   * @example
   * await kat.down({ count: 2, confirm: ({ losses }) => losses.length === 0 });
   */
  down(options?: DownOptions): Promise<RunResult>;
  /**
   * Rolls migrations and their descendants back, and applies them again.
   * @example
   * await kat.redo({ of: ['create_users'] });
   */
  redo(options?: RedoOptions): Promise<RunResult>;
  /**
   * Rolls back applied migrations that the folder does not have, then applies pending ones: after `git switch`.
   * @example
   * await kat.sync({ confirm: ({ steps }) => steps.length < 5 });
   */
  sync(options?: SyncOptions): Promise<RunResult>;
  /**
   * Lists the steps of `up`, `down`, `redo` or `sync` without executing them. With `applied` it needs no database.
   * @example
   * const { steps } = await kat.plan({ move: 'down', count: 2 });
   */
  plan(options?: PlanOptions): Promise<MovePlan>;
  /**
   * Writes the same steps as an SQL script for psql or another client.
   * @example
   * const { sql } = await kat.planSql({ move: 'up', client: 'psql' });
   */
  planSql(options?: PlanSqlOptions): Promise<PlanScript>;
  /**
   * Records migrations as applied, or as not applied, without executing their SQL.
   * @example
   * await kat.stamp({ of: ['create_users'] });
   */
  stamp(options: StampOptions): Promise<StampResult>;
  /**
   * Writes the schema of an existing database as a root migration, and records it as applied. Needs `pg_dump`.
   * @example
   * const { added } = await kat.baseline({ schemas: ['public'] });
   */
  baseline(options?: BaselineOptions): Promise<BaselineResult>;
  /**
   * Finds where the tracking table and the folder disagree, and corrects the records. Executes no migration.
   * @example
   * const { findings } = await kat.repair({ dryRun: true });
   */
  repair(options?: RepairOptions): Promise<RepairResult>;
  /**
   * Replaces a migration and all its ancestors by one migration with the same id.
   * @example
   * await kat.squash({ to: 'create_users' });
   */
  squash(options: SquashOptions): Promise<SquashResult>;
  /**
   * Writes an empty migration whose parents are the current heads, unless they conflict. Needs no database.
   * @example
   * const { added } = await kat.merge();
   */
  merge(options?: MergeOptions): Promise<MergeResult>;
  /**
   * Lists applied, pending and missing migrations. Changes nothing.
   * @example
   * const { counts } = await kat.status();
   */
  status(): Promise<Status>;
  /**
   * Lists the entries of the log, newest first. Changes nothing.
   * @example
   * const { entries } = await kat.history({ limit: 10 });
   */
  history(filter?: HistoryFilter): Promise<History>;
  /**
   * Describes one migration: its state, relatives, files and log entries. Its folder may be missing. Changes nothing.
   * @param reference an id, a name, a timestamp, or the beginning of one.
   * @example
   * const { status, parents } = await kat.show('create_users');
   */
  show(reference: string, options?: ShowOptions): Promise<MigrationDetails>;
  /**
   * Lists the migrations without children. Needs no database.
   * @example
   * const [head] = await kat.heads();
   */
  heads(): Promise<readonly Migration[]>;
  /**
   * Lists the migrations without parents. Needs no database.
   * @example
   * const [root] = await kat.roots();
   */
  roots(): Promise<readonly Migration[]>;
  /**
   * Checks the folder, the graph, the SQL and the tracking table. Changes nothing.
   * @returns findings; problems of the folder are findings as well, and not errors.
   * @example
   * const { isValid, findings } = await kat.validate({ offline: true });
   */
  validate(options?: ValidateOptions): Promise<Validation>;
  /**
   * Checks what a run needs: folder, git, connection, server, tracking table, rights, migrations and lock. Changes nothing.
   * @returns the checks; failures are results, and not errors.
   * @example
   * const { isHealthy, checks } = await kat.doctor();
   */
  doctor(): Promise<DoctorResult>;
  /**
   * Compares the parents that migrations declare with those that their SQL needs. Needs no database.
   * @example
   * const { findings } = await kat.deps();
   */
  deps(options?: DepsOptions): Promise<DepsResult>;
  /**
   * Finds dangerous statements in migrations. Uses the database only with `pending`.
   * @example
   * const { findings } = await kat.lint({ gitBase: 'main' });
   */
  lint(options?: LintOptions): Promise<LintResult>;
  /**
   * Finds pairs of migrations whose order matters although no edge sets it. Needs no database.
   * @example
   * const { pairs } = await kat.check();
   */
  check(options?: CheckOptions): Promise<CheckResult>;
  /**
   * Executes migrations up, down and up again on a throwaway database, and compares the schemas. The database of this Kat is only
   * asked what is pending, and only with `pending`.
   * @returns each object that the way back leaves, removes or changes, with its line.
   * @throws KatError USAGE where the role may not create a database; ConnectionError.
   * @example
   * const { isValid, findings } = await kat.verify({ pending: true });
   */
  verify(options?: VerifyOptions): Promise<VerifyResult>;
  /**
   * Reports what a git branch does to the migrations, as Markdown or HTML and as data. Needs git and PGlite, and no database.
   * @example
   * const { text, isValid } = await kat.report({ gitBase: 'origin/main' });
   */
  report(options: ReportOptions): Promise<ReportResult>;
  /**
   * Finds the statements that created, changed and dropped an object, with their commits in git. Needs no database.
   * @param name a table, `table.column`, or any other object, also by a former name; with or without its schema.
   * @example
   * const { objects } = await kat.blame('users.email');
   */
  blame(name: string): Promise<BlameResult>;
  /**
   * Compares the database with what its applied migrations make in a throwaway database. Changes nothing without `adopt`.
   * @throws KatError STATE_UNKNOWN where the SQL of an applied migration is unknown or fails in the throwaway database.
   * @example
   * const { differences } = await kat.drift({ ignore: ['cron.*'] });
   */
  drift(options?: DriftOptions): Promise<DriftResult>;
  /**
   * Compares two schemas. Each is a database URL, a git revision, migrations separated by commas, or a path to an SQL file or a
   * migrations folder.
   * @example
   * const { differences } = await kat.diff('origin/main', 'heads');
   */
  diff(first: string, second: string, options?: DiffOptions): Promise<SchemaComparison>;
  /**
   * Writes the schema that the migrations make as SQL: equal folders give equal texts. Uses the database only with `load`.
   * @example
   * const { sql } = await kat.schema();
   */
  schema(options?: SchemaOptions): Promise<SchemaResult>;
  /**
   * Opens a connection to the server and closes it again.
   * @returns the server's version.
   * @example
   * await kat.ping({ retries: 7 });
   */
  ping(options?: PingOptions): Promise<ServerInfo>;
  /**
   * Creates the database where it does not exist: on a server, by its database `postgres` or `template1`.
   * @throws ConnectionError; KatError USAGE where the role may not create databases, and in memory.
   * @example
   * const { isCreated } = await kat.createDatabase();
   */
  createDatabase(): Promise<CreateDatabaseResult>;
  /**
   * Drops the database with everything in it. Of an embedded one it deletes the files, if they are such a database and nothing else.
   * @throws KatError USAGE while other sessions are connected, without `force`; CANCELLED if `confirm` returns false.
   * @example
   * await kat.dropDatabase({ confirm: ({ name }) => name === 'shop_test' });
   */
  dropDatabase(options?: DropDatabaseOptions): Promise<DropDatabaseResult>;
  /**
   * Waits until the server takes connections. The database need not exist.
   * @throws ConnectionError when the time is over, and at once for what waiting does not change, such as a wrong password.
   * @example
   * await kat.waitForServer({ timeoutMs: 30_000 });
   */
  waitForServer(options?: WaitForServerOptions): Promise<ReachedServer>;
  /**
   * Writes the address of the database as a URL. Connects to nothing.
   * @example
   * const url = await kat.databaseUrl({ showPassword: true });
   */
  databaseUrl(options?: DatabaseUrlOptions): Promise<string>;
  /**
   * Lists the server sessions that hold the migration lock.
   * @example
   * const runners = await kat.findRunners();
   */
  findRunners(): Promise<ServerSession[]>;
  /**
   * Looks once a second at the run in progress, which may belong to another process: what it does, whom it waits for, and
   * who waits for it.
   * @param signal ends the iteration, as does `break`; default that of `createKat`.
   * @example
   * for await (const { migrations } of kat.watch()) console.log(migrations);
   */
  watch(signal?: AbortSignal): AsyncIterable<RunObservation>;
  /**
   * Iterates over the events of this Kat, as `onEvent` receives them.
   * @param work is called when the iteration begins. The iteration ends with it and throws what it throws; leaving the loop waits for
   *   it. Left out, `close` ends the iteration.
   * @example
   * for await (const event of kat.events(() => kat.up())) console.log(event.type);
   */
  events(work?: () => unknown): AsyncIterable<KatEvent>;
  /**
   * Terminates these sessions if they still hold the migration lock.
   * @returns the sessions that were terminated.
   * @example
   * await kat.endRunners(await kat.findRunners());
   */
  endRunners(runners: readonly ServerSession[]): Promise<ServerSession[]>;
  /**
   * Writes all migrations into one module, which `createKat` takes as `migrations`. Needs no database.
   * @example
   * await kat.bundle({ file: 'migrations.mjs' });
   */
  bundle(options?: BundleOptions): Promise<BundleResult>;
  /**
   * Writes the three files of a new migration.
   * @param name becomes part of the id, in lower case with underscores.
   * @example
   * const { id, files } = await kat.add('create users');
   */
  add(name: string, options?: AddOptions): Promise<AddResult>;
  /**
   * Sets a migration's parents to the migrations that its SQL depends on. Needs no database.
   * @example
   * const { before, after } = await kat.inferParents('create_posts');
   */
  inferParents(reference: string): Promise<ParentsChange>;
  /**
   * Writes another tool's migrations into the folder, and with `adopt` records those that the tool has applied.
   * @example
   * await kat.import({ from: 'flyway', directory: 'sql', adopt: true });
   */
  import(options: ImportOptions): Promise<ImportResult>;
  /**
   * Reads and validates the folder.
   * @throws KatError with all problems of the folder.
   * @example
   * const { migrations } = await kat.graph();
   */
  graph(): Promise<Graph>;
  /**
   * Describes the graph, or a part of it: edges, states, and what the edges are for.
   * @example
   * const { migrations } = await kat.describeGraph({ touching: 'users.email', offline: true });
   */
  describeGraph(options?: GraphOptions): Promise<GraphDescription>;
  /**
   * Writes the graph as `dot` for Graphviz, as a `mermaid` flowchart, as `json`, as an `svg` picture, or as an `html` page. Only
   * `html` asks the database, and does without it where it cannot be reached.
   * @example
   * console.log(await kat.exportGraph({ format: 'mermaid' }));
   */
  exportGraph(options?: ExportOptions): Promise<string>;
  /**
   * Draws the graph as a PNG picture. Needs the package `@resvg/resvg-js`, and no database.
   * @throws KatError USAGE where the package is not installed.
   * @example
   * const png = await kat.exportPng();
   */
  exportPng(): Promise<Uint8Array>;
  /**
   * Draws the graph in the DOT language of Graphviz.
   * @example
   * console.log(await kat.exportDot());
   */
  exportDot(): Promise<string>;
  /**
   * Closes the connections that Kat opened.
   * @example
   * await kat.close();
   */
  close(): Promise<void>;
}
