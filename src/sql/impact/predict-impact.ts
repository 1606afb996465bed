/** Predicts what a statement costs others, from the statement itself and what the history knows of its tables. */

import type { Node } from '@pgsql/types';
import type { Schema } from '../schema/schema.js';
import type { NodeOf } from '../syntax/node-of.js';
import type { SchemaStatementKind } from '../syntax/statement-kinds.js';
import { predictAlterTable } from './alter-table.js';
import { predictCreateForeignTable, predictCreateTable } from './create-tables.js';
import { predictDrop, predictOwned } from './drops.js';
import { type Impact, noImpact } from './impact.js';
import { createImpactBuilder, type ImpactContext } from './impact-builder.js';
import { predictIndex, predictReindex } from './indexes.js';
import * as maintenance from './maintenance.js';
import * as objects from './named-objects.js';
import * as queries from './queries.js';

/** `ignored`: locks no table. */
type Predictors = {
  readonly [Kind in SchemaStatementKind]: ((context: ImpactContext, node: NodeOf<Kind>) => void) | 'ignored';
};

const predictors: Predictors = {
  AlterDomainStmt: objects.predictAlterDomain,
  AlterObjectSchemaStmt: objects.predictSetSchema,
  AlterPolicyStmt: objects.predictPolicy,
  AlterPublicationStmt: objects.predictAlterPublication,
  AlterSeqStmt: objects.predictAlterSequence,
  AlterTableMoveAllStmt: maintenance.predictMoveAll,
  AlterTableStmt: predictAlterTable,
  CallStmt: queries.predictUnknown,
  ClusterStmt: maintenance.predictCluster,
  CommentStmt: objects.predictComment,
  CopyStmt: queries.predictCopy,
  CreateExtensionStmt: queries.predictUnknown,
  CreateForeignTableStmt: predictCreateForeignTable,
  CreateFunctionStmt: objects.predictFunction,
  CreatePolicyStmt: objects.predictPolicy,
  CreatePublicationStmt: objects.predictPublication,
  CreateSchemaStmt: (context, { schemaElts }) => {
    for (const node of schemaElts ?? []) predictOne(context, node);
  },
  CreateSeqStmt: objects.predictSequence,
  CreateStatsStmt: objects.predictStatistics,
  CreateStmt: predictCreateTable,
  CreateTableAsStmt: queries.predictCreateAs,
  CreateTrigStmt: objects.predictTrigger,
  DeclareCursorStmt: queries.predictContained,
  DeleteStmt: queries.predictChange('DeleteStmt'),
  DoStmt: queries.predictUnknown,
  DropOwnedStmt: predictOwned,
  DropStmt: predictDrop,
  ExecuteStmt: queries.predictUnknown,
  ExplainStmt: queries.predictContained,
  GrantStmt: objects.predictGrant,
  IndexStmt: predictIndex,
  InsertStmt: queries.predictInsert,
  LockStmt: maintenance.predictLock,
  MergeStmt: queries.predictMerge,
  PrepareStmt: queries.predictPrepare,
  ReassignOwnedStmt: predictOwned,
  RefreshMatViewStmt: maintenance.predictRefresh,
  ReindexStmt: predictReindex,
  RenameStmt: objects.predictRename,
  RuleStmt: objects.predictRule,
  SelectStmt: (context, node) => queries.predictSelect(context, { SelectStmt: node }),
  TruncateStmt: maintenance.predictTruncate,
  UpdateStmt: queries.predictChange('UpdateStmt'),
  VacuumStmt: maintenance.predictVacuum,
  ViewStmt: queries.predictView,
  AlterEnumStmt: 'ignored',
  AlterFunctionStmt: 'ignored',
  AlterObjectDependsStmt: 'ignored',
  AlterOwnerStmt: 'ignored',
  AlterStatsStmt: 'ignored',
  AlterSubscriptionStmt: 'ignored',
  AlterTypeStmt: 'ignored',
  CompositeTypeStmt: 'ignored',
  ConstraintsSetStmt: 'ignored',
  CreateDomainStmt: 'ignored',
  CreateEnumStmt: 'ignored',
  CreateRangeStmt: 'ignored',
  CreateSubscriptionStmt: 'ignored',
  DiscardStmt: 'ignored',
  DropSubscriptionStmt: 'ignored',
  ImportForeignSchemaStmt: 'ignored',
  SecLabelStmt: 'ignored',
  VariableSetStmt: 'ignored',
};

/**
 * What DO blocks, functions and triggers do is not looked into: `isWhole` is false of statements that run some.
 * @param schema as it is before the statement
 * @param oldestServer the oldest major version of PostgreSQL that it may run on
 */
export function predictImpact(node: Node, schema: Schema, oldestServer: number): Impact {
  if (!predictorOf(node)) return noImpact;
  const builder = createImpactBuilder(schema);
  predictOne({ schema, oldestServer, builder }, node);
  return builder.total();
}

function predictOne(context: ImpactContext, node: Node): void {
  predictorOf(node)?.(context, Object.values(node)[0]);
}

type AnyPredictor = (context: ImpactContext, node: unknown) => void;

function predictorOf(node: Node): AnyPredictor | undefined {
  const [kind] = Object.keys(node);
  const predictor = predictors[kind as SchemaStatementKind] as AnyPredictor | 'ignored' | undefined;
  return predictor === 'ignored' ? undefined : predictor;
}
