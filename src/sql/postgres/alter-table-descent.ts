/** The ALTER TABLE commands that affect the partitions of a table, and the tables that inherit from it. */

import type { AlterTableCmd, AlterTableType } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';

/** `all`: partitions, and other tables that inherit. */
export type Descent = 'none' | 'partitions' | 'all';

/** Commands that are not listed change one table only (ATPrepCmd and the functions that it calls, tablecmds.c). */
const descents: Partial<Record<AlterTableType, Descent>> = {
  AT_AddColumn: 'all',
  AT_AlterColumnType: 'all',
  AT_ColumnDefault: 'all',
  AT_DropColumn: 'all',
  AT_DropConstraint: 'all',
  AT_DropExpression: 'all',
  AT_DropNotNull: 'all',
  AT_SetExpression: 'all',
  AT_SetNotNull: 'all',
  AT_SetStatistics: 'all',
  AT_SetStorage: 'all',
  AT_ValidateConstraint: 'all',
  AT_AddIdentity: 'partitions',
  AT_SetIdentity: 'partitions',
  AT_DropIdentity: 'partitions',
  AT_EnableTrig: 'partitions',
  AT_EnableAlwaysTrig: 'partitions',
  AT_EnableReplicaTrig: 'partitions',
  AT_DisableTrig: 'partitions',
};

/** Checks and NOT NULL are inherited; keys and foreign keys are made on partitions only. An index that becomes a key stays alone. */
export function descentOf({ subtype, def }: AlterTableCmd): Descent {
  if (subtype !== 'AT_AddConstraint') return (subtype && descents[subtype]) ?? 'none';
  const { contype, indexname, is_no_inherit } = nodeOf(def, 'Constraint') ?? {};
  if (indexname !== undefined || is_no_inherit) return 'none';
  return contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL' ? 'all' : 'partitions';
}
