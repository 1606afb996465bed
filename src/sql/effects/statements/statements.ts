/** Gives every kind of statement to its reader. */

import type { Node } from '@pgsql/types';
import type { NodeKind, NodeOf } from '../../syntax/node-of.js';
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

type Readers = { [Kind in NodeKind]?: (context: ReaderContext, node: NodeOf<Kind>) => void };

/** Statements that leave no trace: transactions, cursors, notifications, and what concerns this session alone. */
const ignored = new Set([
  'TransactionStmt',
  'CheckPointStmt',
  'ClosePortalStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'FetchStmt',
  'ListenStmt',
  'NotifyStmt',
  'UnlistenStmt',
  'VariableShowStmt',
  'AlterDatabaseRefreshCollStmt',
]);

const readers: Readers = {
  AlterCollationStmt: support.readAlterCollation,
  AlterDatabaseSetStmt: globals.readAlterDatabaseSet,
  AlterDatabaseStmt: globals.readDatabase,
  AlterDefaultPrivilegesStmt: readDefaultPrivileges,
  AlterDomainStmt: types.readAlterDomain,
  AlterEnumStmt: types.readAlterEnum,
  AlterEventTrigStmt: triggers.readAlterEventTrigger,
  AlterExtensionContentsStmt: globals.readExtensionContents,
  AlterExtensionStmt: globals.readAlterExtension,
  AlterFdwStmt: globals.readAlterWrapper,
  AlterForeignServerStmt: globals.readAlterServer,
  AlterFunctionStmt: readAlterFunction,
  AlterObjectSchemaStmt: readSetSchema,
  AlterOpFamilyStmt: support.readOperatorFamily('alter'),
  AlterOperatorStmt: support.readAlterOperator,
  AlterOwnerStmt: readOwner,
  AlterPolicyStmt: triggers.readAlterPolicy,
  AlterPublicationStmt: publications.readAlterPublication,
  AlterRoleSetStmt: globals.readAlterRoleSet,
  AlterRoleStmt: globals.readAlterRole,
  AlterSeqStmt: readAlterSequence,
  AlterStatsStmt: publications.readAlterStatistics,
  AlterSubscriptionStmt: publications.readSubscription('alter'),
  AlterSystemStmt: maintenance.readAlterSystem,
  AlterTSConfigurationStmt: support.readAlterConfiguration,
  AlterTSDictionaryStmt: support.readAlterDictionary,
  AlterTableMoveAllStmt: maintenance.readMoveAll,
  AlterTableSpaceOptionsStmt: maintenance.readTablespace('alter'),
  AlterTableStmt: readAlterTable,
  AlterTypeStmt: types.readAlterType,
  AlterUserMappingStmt: globals.readUserMapping('alter'),
  CallStmt: maintenance.readCallStatement,
  ClusterStmt: maintenance.readCluster,
  CommentStmt: readComment,
  CompositeTypeStmt: types.readCreateComposite,
  ConstraintsSetStmt: triggers.readSetConstraints,
  CopyStmt: maintenance.readCopy,
  CreateAmStmt: support.readCreateAccessMethod,
  CreateCastStmt: support.readCreateCast,
  CreateConversionStmt: support.readCreateConversion,
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
  CreatedbStmt: globals.readDatabase,
  DeclareCursorStmt: maintenance.readContained,
  DefineStmt: readDefine,
  DeleteStmt: (context, statement) => runWalk(walkDelete(context, statement, noScope)),
  DoStmt: readDo,
  DropOwnedStmt: readOwned,
  DropRoleStmt: readDropRole,
  DropStmt: readDrop,
  DropSubscriptionStmt: publications.readSubscription('drop'),
  DropTableSpaceStmt: maintenance.readTablespace('drop'),
  DropUserMappingStmt: globals.readUserMapping('drop'),
  DropdbStmt: globals.readDatabase,
  ExplainStmt: maintenance.readContained,
  GrantRoleStmt: readGrantRole,
  GrantStmt: readGrant,
  ImportForeignSchemaStmt: globals.readImportSchema,
  IndexStmt: readIndexEffects,
  InsertStmt: (context, statement) => runWalk(walkInsert(context, statement, noScope)),
  LockStmt: maintenance.readLock,
  MergeStmt: (context, statement) => runWalk(walkMerge(context, statement, noScope)),
  PrepareStmt: maintenance.readContained,
  ReassignOwnedStmt: readOwned,
  RefreshMatViewStmt: readRefresh,
  ReindexStmt: maintenance.readReindex,
  RenameStmt: readRename,
  RuleStmt: triggers.readRule,
  SecLabelStmt: readSecurityLabel,
  SelectStmt: (context, statement) => runWalk(walkSelect(context, statement, noScope)),
  TruncateStmt: readTruncate,
  UpdateStmt: (context, statement) => runWalk(walkUpdate(context, statement, noScope)),
  VacuumStmt: maintenance.readVacuum,
  VariableSetStmt: globals.readSet,
  ViewStmt: readView,
};

/** Statements with IF NOT EXISTS or OR REPLACE are remembered as a whole. */
function withDefinition(context: ReaderContext, node: unknown): ReaderContext {
  const { if_not_exists, replace, skipIfNewValExists } = (node ?? {}) as Record<string, unknown>;
  if (!if_not_exists && !replace && !skipIfNewValExists) return context;
  return { ...context, definition: { text: textOfNode(node), isReplacement: replace === true } };
}

type AnyReader = (context: ReaderContext, node: unknown) => void;

/** Reads one statement; one that nobody has a reader for is opaque. */
export function readStatement(context: ReaderContext, statement: Node): void {
  const [kind, node] = Object.entries(statement)[0] ?? [];
  const reader = readers[kind as NodeKind] as AnyReader | undefined;
  if (reader) reader(withDefinition(context, node), node);
  else if (kind !== undefined && !ignored.has(kind)) emitOpaque(context, kind);
}
