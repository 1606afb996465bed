/** The public face of the library: one import brings everything that a program needs. */

export type { BorrowedConnection } from './drivers/open-driver.js';
export type { AddedMigration, AddOptions } from './engine/add-migration.js';
export type { EventListener, KatEvent, ServerSession } from './engine/events.js';
export { initProject } from './engine/init-project.js';
export { createKat, type Kat, type KatOptions, loadKat } from './engine/kat.js';
export type { Logger } from './engine/logger.js';
export type { DownOptions, MoveOptions, RedoOptions, SyncOptions, UpOptions } from './engine/move-options.js';
export type { PingOptions } from './engine/ping.js';
export type { Confirm } from './engine/run.js';
export type { RunResult } from './engine/run-result.js';
export type { MigrationStatus, Status } from './engine/status.js';
export {
  ConnectionError,
  type ErrorCode,
  type FinishedStep,
  KatError,
  MigrationError,
  type Problem,
  type ServerReport,
  type SourceLocation,
  SqlError,
} from './errors.js';
export type { Graph } from './graph/graph.js';
export type { Direction, Migration } from './graph/migration.js';
export type { Plan, Step } from './graph/plan.js';
export { version } from './version.js';
