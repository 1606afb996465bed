/** Lists the kinds of statements with the properties that depend only on the kind. */

import type { NodeKind } from './node-of.js';

/** Nodes of the grammar that are called statements and only stand inside of others. */
type InnerKind = 'PLAssignStmt' | 'RawStmt' | 'ReplicaIdentityStmt' | 'ReturnStmt' | 'SetOperationStmt';

/** The kinds that stand in a file. A grammar with a new one does not compile until the tables say what it is. */
export type StatementKind = Exclude<Extract<NodeKind, `${string}Stmt`>, InnerKind>;

/**
 * `outside`: concerns roles, databases, servers and what else lies in no schema. `support`: gives types and names their behaviour.
 * `session`: concerns this session alone. `harmless`: leaves nothing behind, wherever it runs. `upkeep`: changes how rows are stored, or
 * what is known of them. `runs code` and `brings code`: of the users' own. `definition`: runs no function even where there are some.
 * `rows`: changes rows, or may. `plain`: makes something new and concerns nothing else. `sharing`: the server takes it in every
 * transaction unless `findRefusal` says otherwise, and it gains nothing from being alone. That is not so of what decides when it runs
 * (blocks, procedures, prepared statements), of what depends on the database (REINDEX, CLUSTER, subscriptions), of what changes many
 * rows, of scripts of extensions, and of ADD VALUE, whose value cannot be used before its transaction is over (55P04).
 */
type Trait =
  | 'outside'
  | 'support'
  | 'session'
  | 'harmless'
  | 'upkeep'
  | 'runs code'
  | 'brings code'
  | 'definition'
  | 'rows'
  | 'plain'
  | 'sharing';

const traits = {
  AlterCollationStmt: ['support'],
  AlterDatabaseRefreshCollStmt: ['outside'],
  AlterDatabaseSetStmt: ['outside'],
  AlterDatabaseStmt: ['outside'],
  AlterDefaultPrivilegesStmt: ['outside', 'sharing'],
  AlterDomainStmt: ['sharing'],
  AlterEnumStmt: ['definition'],
  AlterEventTrigStmt: ['outside'],
  AlterExtensionContentsStmt: ['support'],
  AlterExtensionStmt: ['support'],
  AlterFdwStmt: ['outside'],
  AlterForeignServerStmt: ['outside'],
  AlterFunctionStmt: ['sharing'],
  AlterObjectDependsStmt: ['sharing'],
  AlterObjectSchemaStmt: ['definition', 'sharing'],
  AlterOpFamilyStmt: ['support', 'sharing'],
  AlterOperatorStmt: ['support'],
  AlterOwnerStmt: ['definition', 'sharing'],
  AlterPolicyStmt: ['sharing'],
  AlterPublicationStmt: ['sharing'],
  AlterRoleSetStmt: ['outside', 'sharing'],
  AlterRoleStmt: ['outside', 'sharing'],
  AlterSeqStmt: ['sharing'],
  AlterStatsStmt: ['sharing'],
  AlterSubscriptionStmt: [],
  AlterSystemStmt: ['outside'],
  AlterTSConfigurationStmt: ['support'],
  AlterTSDictionaryStmt: ['support'],
  AlterTableMoveAllStmt: [],
  AlterTableSpaceOptionsStmt: ['outside'],
  AlterTableStmt: ['sharing'],
  AlterTypeStmt: ['sharing'],
  AlterUserMappingStmt: ['outside'],
  CallStmt: ['runs code'],
  CheckPointStmt: ['outside', 'upkeep'],
  ClosePortalStmt: ['session'],
  ClusterStmt: ['upkeep'],
  CommentStmt: ['definition', 'sharing'],
  CompositeTypeStmt: ['definition', 'sharing'],
  ConstraintsSetStmt: [],
  CopyStmt: ['rows'],
  CreateAmStmt: ['support', 'sharing'],
  CreateCastStmt: ['support', 'sharing'],
  CreateConversionStmt: ['support', 'sharing'],
  CreateDomainStmt: ['sharing'],
  CreateEnumStmt: ['definition', 'sharing'],
  CreateEventTrigStmt: ['outside', 'sharing'],
  CreateExtensionStmt: ['brings code', 'plain'],
  CreateFdwStmt: ['outside', 'sharing'],
  CreateForeignServerStmt: ['outside', 'sharing'],
  CreateForeignTableStmt: ['sharing'],
  CreateFunctionStmt: ['brings code', 'definition', 'plain', 'sharing'],
  CreateOpClassStmt: ['support', 'sharing'],
  CreateOpFamilyStmt: ['support', 'sharing'],
  CreatePLangStmt: ['outside', 'sharing'],
  CreatePolicyStmt: ['sharing'],
  CreatePublicationStmt: ['sharing'],
  CreateRangeStmt: ['sharing'],
  CreateRoleStmt: ['outside', 'sharing'],
  CreateSchemaStmt: ['definition', 'sharing'],
  CreateSeqStmt: ['definition', 'plain', 'sharing'],
  CreateStatsStmt: ['sharing'],
  CreateStmt: ['definition', 'sharing'],
  CreateSubscriptionStmt: [],
  CreateTableAsStmt: [],
  CreateTableSpaceStmt: ['outside', 'sharing'],
  CreateTransformStmt: ['support', 'sharing'],
  CreateTrigStmt: ['definition', 'sharing'],
  CreateUserMappingStmt: ['outside', 'sharing'],
  CreatedbStmt: ['outside', 'sharing'],
  DeallocateStmt: ['session'],
  DeclareCursorStmt: [],
  DefineStmt: ['support', 'sharing'],
  DeleteStmt: ['rows'],
  DiscardStmt: [],
  DoStmt: ['runs code'],
  DropOwnedStmt: [],
  DropRoleStmt: ['outside', 'sharing'],
  DropStmt: ['definition', 'sharing'],
  DropSubscriptionStmt: [],
  DropTableSpaceStmt: ['outside'],
  DropUserMappingStmt: ['outside'],
  DropdbStmt: ['outside'],
  ExecuteStmt: ['runs code'],
  ExplainStmt: [],
  FetchStmt: ['session'],
  GrantRoleStmt: ['outside', 'definition', 'sharing'],
  GrantStmt: ['definition', 'sharing'],
  ImportForeignSchemaStmt: [],
  IndexStmt: ['sharing'],
  InsertStmt: ['rows'],
  ListenStmt: ['session'],
  LoadStmt: ['session'],
  LockStmt: ['harmless', 'sharing'],
  MergeStmt: ['rows'],
  NotifyStmt: ['session', 'harmless', 'sharing'],
  PrepareStmt: [],
  ReassignOwnedStmt: [],
  RefreshMatViewStmt: ['upkeep'],
  ReindexStmt: ['upkeep'],
  RenameStmt: ['definition', 'sharing'],
  RuleStmt: ['sharing'],
  SecLabelStmt: ['sharing'],
  SelectStmt: ['sharing'],
  TransactionStmt: ['session'],
  TruncateStmt: ['rows', 'sharing'],
  UnlistenStmt: ['session'],
  UpdateStmt: ['rows'],
  VacuumStmt: ['upkeep'],
  VariableSetStmt: ['harmless', 'definition', 'sharing'],
  VariableShowStmt: ['session', 'harmless', 'sharing'],
  ViewStmt: ['definition', 'sharing'],
} as const satisfies Readonly<Record<StatementKind, readonly Trait[]>>;

type Concerning<Kind extends StatementKind> =
  Extract<(typeof traits)[Kind][number], 'outside' | 'support' | 'session'> extends never ? Kind : never;

/** The kinds that may concern a table, a type or a function of some schema. */
export type SchemaStatementKind = { [Kind in StatementKind]: Concerning<Kind> }[StatementKind];

/** Whether that is so of all statements of the kind. */
export function isKindOf(kind: StatementKind, trait: Trait): boolean {
  const all: Readonly<Record<StatementKind, readonly Trait[]>> = traits;
  return all[kind]?.includes(trait) === true;
}
