/** One command of ALTER TABLE with its table. */

import type { AlterTableCmd } from '@pgsql/types';
import type { RelationName } from '../syntax/relation-name.js';

/** One command, and the table that it changes. */
export interface AlterCommand {
  command: AlterTableCmd;
  table: RelationName;
  /** With ONLY: without partitions, and tables that inherit. */
  isOnly: boolean;
}
