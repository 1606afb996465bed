/** Dispatches each kind of statement to its reader. */

import type { Node } from '@pgsql/types';
import type { NodeOf } from '../../syntax/node-of.js';
import type { StatementKind } from '../../syntax/statement-kinds.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { runWalk } from '../../syntax/tree-walk.js';
import { readAlterFunction, readCreateFunction, readDo } from '../bodies/functions.js';
import { emitOpaque, type ReaderContext } from '../context.js';
import { walkDelete, walkInsert, walkMerge, walkSelect, walkUpdate } from '../expressions/queries.js';
import { noScope } from '../expressions/scope.js';
import { readAlterTable } from './alter-table.js';
import { readComment, readSecurityLabel } from './annotations.js';
import { readDefine } from './definitions.js';
import { readDrop, readDropRole, readOwned, readTruncate } from './drops.js';
import * as globals from './global-objects.js';
import { readDefaultPrivileges, readGrant, readGrantRole } from './grants.js';
import { readIndexEffects } from './indexes.js';
import * as maintenance from './maintenance.js';
import * as publications from './publications.js';
import { readOwner, readRename, readSetSchema } from './renames.js';
import { readAlterSequence, readCreateSequence } from './sequences.js';
import { readCreateForeignTable, readCreateTable } from './tables.js';
import * as triggers from './triggers.js';
import * as support from './type-support.js';
import * as types from './types.js';
import { readCreateTableAs, readRefresh, readView } from './views.js';

/** `ignored`: has no lasting effect. `opaque`: cannot be analysed. */
type Readers = {
  readonly [Kind in StatementKind]:
    | ((context: ReaderContext, node: NodeOf<Kind>) => void)
    | 'ignored'
    | 'opaque';
};

const readers: Readers = {
  AlterCollationStmt: support.readAlterCollation,
  AlterDatabaseRefreshCollStmt: 'ignored',
  AlterDatabaseSetStmt: globals.readAlterDatabaseSet,
  AlterDatabaseStmt: globals.readAlterDatabase,
  AlterDefaultPrivilegesStmt: readDefaultPrivileges,
  AlterDomainStmt: types.readAlterDomain,
  AlterEnumStmt: types.readAlterEnum,
  AlterEventTrigStmt: triggers.readAlterEventTrigger,
  AlterExtensionContentsStmt: globals.readExtensionContents,
  AlterExtensionStmt: globals.readAlterExtension,
  AlterFdwStmt: globals.readAlterWrapper,
  AlterForeignServerStmt: globals.readAlterServer,
  AlterFunctionStmt: readAlterFunction,
  AlterObjectDependsStmt: 'opaque',
  AlterObjectSchemaStmt: readSetSchema,
  AlterOperatorStmt: support.readAlterOperator,
  AlterOpFamilyStmt: support.readOperatorFamily('alter'),
  AlterOwnerStmt: readOwner,
  AlterPolicyStmt: triggers.readAlterPolicy,
  AlterPublicationStmt: publications.readAlterPublication,
  AlterRoleSetStmt: globals.readAlterRoleSet,
  AlterRoleStmt: globals.readAlterRole,
  AlterSeqStmt: readAlterSequence,
  AlterStatsStmt: publications.readAlterStatistics,
  AlterSubscriptionStmt: publications.readSubscription('alter'),
  AlterSystemStmt: maintenance.readAlterSystem,
  AlterTableMoveAllStmt: maintenance.readMoveAll,
  AlterTableSpaceOptionsStmt: maintenance.readTablespace('alter'),
  AlterTableStmt: readAlterTable,
  AlterTSConfigurationStmt: support.readAlterConfiguration,
  AlterTSDictionaryStmt: support.readAlterDictionary,
  AlterTypeStmt: types.readAlterType,
  AlterUserMappingStmt: globals.readUserMapping('alter'),
  CallStmt: maintenance.readCallStatement,
  CheckPointStmt: 'ignored',
  ClosePortalStmt: 'ignored',
  ClusterStmt: maintenance.readCluster,
  CommentStmt: readComment,
  CompositeTypeStmt: types.readCreateComposite,
  ConstraintsSetStmt: triggers.readSetConstraints,
  CopyStmt: maintenance.readCopy,
  CreateAmStmt: support.readCreateAccessMethod,
  CreateCastStmt: support.readCreateCast,
  CreateConversionStmt: support.readCreateConversion,
  CreatedbStmt: globals.readCreateDatabase,
  CreateDomainStmt: types.readCreateDomain,
  CreateEnumStmt: types.readCreateEnum,
  CreateEventTrigStmt: triggers.readEventTrigger,
  CreateExtensionStmt: globals.readCreateExtension,
  CreateFdwStmt: globals.readCreateWrapper,
  CreateForeignServerStmt: globals.readCreateServer,
  CreateForeignTableStmt: readCreateForeignTable,
  CreateFunctionStmt: readCreateFunction,
  CreateOpClassStmt: support.readCreateOperatorClass,
  CreateOpFamilyStmt: support.readOperatorFamily('create'),
  CreatePLangStmt: globals.readCreateLanguage,
  CreatePolicyStmt: triggers.readPolicy,
  CreatePublicationStmt: publications.readCreatePublication,
  CreateRangeStmt: types.readCreateRange,
  CreateRoleStmt: globals.readCreateRole,
  CreateSchemaStmt: globals.readCreateSchema,
  CreateSeqStmt: readCreateSequence,
  CreateStatsStmt: publications.readCreateStatistics,
  CreateStmt: readCreateTable,
  CreateSubscriptionStmt: publications.readSubscription('create'),
  CreateTableAsStmt: readCreateTableAs,
  CreateTableSpaceStmt: maintenance.readTablespace('create'),
  CreateTransformStmt: support.readCreateTransform,
  CreateTrigStmt: triggers.readTrigger,
  CreateUserMappingStmt: globals.readUserMapping('create'),
  DeallocateStmt: 'ignored',
  DeclareCursorStmt: maintenance.readContained,
  DefineStmt: readDefine,
  DeleteStmt: (context, statement) => runWalk(walkDelete(context, statement, noScope)),
  DiscardStmt: 'ignored',
  DoStmt: readDo,
  DropdbStmt: globals.readDropDatabase,
  DropOwnedStmt: readOwned({ isDropped: true }),
  DropRoleStmt: readDropRole,
  DropStmt: readDrop,
  DropSubscriptionStmt: publications.readSubscription('drop'),
  DropTableSpaceStmt: maintenance.readTablespace('drop'),
  DropUserMappingStmt: globals.readUserMapping('drop'),
  ExecuteStmt: 'opaque',
  ExplainStmt: maintenance.readContained,
  FetchStmt: 'ignored',
  GrantRoleStmt: readGrantRole,
  GrantStmt: readGrant,
  ImportForeignSchemaStmt: globals.readImportSchema,
  IndexStmt: readIndexEffects,
  InsertStmt: (context, statement) => runWalk(walkInsert(context, statement, noScope)),
  ListenStmt: 'ignored',
  LoadStmt: 'opaque',
  LockStmt: maintenance.readLock,
  MergeStmt: (context, statement) => runWalk(walkMerge(context, statement, noScope)),
  NotifyStmt: 'ignored',
  PrepareStmt: maintenance.readContained,
  ReassignOwnedStmt: readOwned({ isDropped: false }),
  RefreshMatViewStmt: readRefresh,
  ReindexStmt: maintenance.readReindex,
  RenameStmt: readRename,
  RuleStmt: triggers.readRule,
  SecLabelStmt: readSecurityLabel,
  SelectStmt: (context, statement) => runWalk(walkSelect(context, statement, noScope)),
  TransactionStmt: 'ignored',
  TruncateStmt: readTruncate,
  UnlistenStmt: 'ignored',
  UpdateStmt: (context, statement) => runWalk(walkUpdate(context, statement, noScope)),
  VacuumStmt: maintenance.readVacuum,
  VariableSetStmt: globals.readSet,
  VariableShowStmt: 'ignored',
  ViewStmt: readView,
};

/** Statements with IF NOT EXISTS or OR REPLACE are remembered as a whole, and so are those in a branch, which mostly asks whether the object exists. */
function withDefinition(context: ReaderContext, node: unknown): ReaderContext {
  const { if_not_exists, replace, skipIfNewValExists, ...rest } = (node ?? {}) as Record<string, unknown>;
  if (!if_not_exists && !replace && !skipIfNewValExists && !context.isInBranch) return context;
  return { ...context, definition: { text: textOfNode(rest), isReplacement: replace === true } };
}

type AnyReader = (context: ReaderContext, node: unknown) => void;

/** Reads one statement; a statement without a reader is opaque. */
export function readStatement(context: ReaderContext, statement: Node): void {
  const [kind, node] = Object.entries(statement)[0] ?? [];
  const reader = readers[kind as StatementKind] as AnyReader | 'ignored' | 'opaque' | undefined;
  if (typeof reader === 'function') reader(withDefinition(context, node), node);
  else if (kind !== undefined && reader !== 'ignored') emitOpaque(context, kind);
}
