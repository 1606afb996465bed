/** The public face of the library: one import brings everything that a program needs. */

export type { BorrowedConnection } from './connections/open-connection.js';
export type { AddedMigration, AddOptions, AddResult } from './engine/author/add-migration.js';
export { initProject } from './engine/author/init-project.js';
export type { MergeOptions, MergeResult } from './engine/author/merge.js';
export type { BlamedObject, BlamedStatement, BlameResult, UnreadSql } from './engine/blame/result.js';
export type { BundleOptions, BundleResult, MigrationText } from './engine/bundle/result.js';
export type {
  CheckOptions,
  CheckResult,
  MissingEdge,
  PairDeed,
  PairReason,
  UnorderedConflict,
} from './engine/check/result.js';
export type {
  CreateDatabaseResult,
  DatabaseToDrop,
  DatabaseUrlOptions,
  DropDatabaseOptions,
  DropDatabaseResult,
  ReachedServer,
  WaitForServerOptions,
} from './engine/database/result.js';
export type {
  Dependency,
  DependencyReason,
  DepsOptions,
  DepsResult,
  MigrationDependencies,
  OpaquePart,
  ParentsChange,
} from './engine/deps/result.js';
export type { GraphShape } from './engine/deps/shape.js';
export type { DoctorCheck, DoctorResult } from './engine/doctor/result.js';
export type {
  CompareSchemaOptions,
  DiffOptions,
  DriftAssumption,
  DriftOptions,
  DriftResult,
  SchemaChangeFound,
  SchemaComparison,
  SettlingSql,
} from './engine/drift/result.js';
export type { EnsureOptions, EnsureResult } from './engine/ensure/ensure.js';
export type {
  Activity,
  EventListener,
  KatEvent,
  ServerSession,
  StatementProgress,
  UsedTable,
  WaitingSession,
} from './engine/events.js';
export type { ExportOptions } from './engine/export/export-options.js';
export type {
  AdoptedMigration,
  ImportedMigration,
  ImportOptions,
  ImportResult,
} from './engine/import/import.js';
export { createKat } from './engine/kat.js';
export type { Kat } from './engine/kat-api.js';
export type { KatOptions } from './engine/kat-options.js';
export type { MigrationStatus } from './engine/ledger/migration-status.js';
export { listLintRules, type RuleSummary } from './engine/lint/list-rules.js';
export type { LintFix, LintFixPart, LintOptions, LintResult } from './engine/lint/result.js';
export { loadKat } from './engine/load-kat.js';
export type { DownOptions, MoveOptions, RedoOptions, SyncOptions, UpOptions } from './engine/move-options.js';
export type { MovePlan, PlannedStep, ReviewedPlan } from './engine/plan/move-plan.js';
export type { PlacedDeed, PlanSchedule, StepApart } from './engine/plan/plan-schedule.js';
export type { PlanOptions, PlanSqlOptions } from './engine/plan-options.js';
export type { LintPolicy, RuleLevel } from './engine/policy/lint-policy.js';
export type {
  MigrationContext,
  MigrationProgram,
  RunSql,
  SqlIdentifier,
  SqlRow,
  SqlValue,
} from './engine/program/context.js';
export type {
  EdgeReasons,
  GraphDescription,
  GraphMigration,
  GraphOptions,
} from './engine/read/graph-description.js';
export type { History, HistoryEntry, HistoryFilter } from './engine/read/history.js';
export type { ObservedMigration, RunObservation } from './engine/read/observe-run.js';
export type { PingOptions } from './engine/read/ping.js';
export type { BlockingSession } from './engine/read/read-blockers.js';
export type { MigrationDetails, RelatedMigration, ShowOptions } from './engine/read/show.js';
export type { Status } from './engine/read/status.js';
export type { BaselineOptions, BaselineResult } from './engine/records/baseline.js';
export type { ConfirmRecords } from './engine/records/change-records.js';
export type {
  Repair,
  RepairFinding,
  RepairOptions,
  RepairPlan,
  RepairResult,
} from './engine/records/repair.js';
export type { StampOptions, StampPlan, StampResult } from './engine/records/stamp.js';
export type { ReportOptions, ReportResult } from './engine/report/result.js';
export type { Confirm, OnFailure, PlanToConfirm, RunResult } from './engine/run/run-result.js';
export type { DriverFiles, SchemaConflict, SchemaOptions, SchemaResult } from './engine/schema/result.js';
export type { PlanScript, ScriptClient } from './engine/script/script.js';
export type { Logger } from './engine/session/logger.js';
export type { SquashProof } from './engine/squash/prove-squash.js';
export type { SquashOptions, SquashPlan, SquashResult } from './engine/squash/squash.js';
export type { ValidateOptions, Validation } from './engine/validate/validate.js';
export type {
  OrderEvidence,
  UnverifiedMigration,
  VerifiedPrediction,
  VerifyOptions,
  VerifyResult,
} from './engine/verify/result.js';
export {
  ConnectionError,
  type ErrorCode,
  type FinishedStep,
  KatError,
  MigrationError,
  type Problem,
  type ProblemCode,
  type ServerReport,
  type SourceLocation,
  SqlError,
  UnconfirmedError,
  type UnfinishedSteps,
} from './errors.js';
export type { Finding, FindingCounts, RelatedPlace, Severity } from './findings.js';
export type { ExportFormat } from './graph/draw/export-formats.js';
export type { ExplainedStep, StepReason } from './graph/explain.js';
export type { Graph } from './graph/graph.js';
export type { Direction, Migration } from './graph/migration.js';
export type { Plan, Step } from './graph/plan.js';
export type { UntriedStep } from './graph/untried.js';
export { defineConfig } from './project/config/define-config.js';
export type { KatConfig } from './project/config/kat-config.js';
export type { GitBase } from './project/git/find-base.js';
export type { LineCommit } from './project/git/line-commits.js';
export { type ImportTool, importTools } from './project/import/tools.js';
export { version } from './version.js';
