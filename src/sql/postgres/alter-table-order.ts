/** The order in which PostgreSQL runs the commands of one ALTER TABLE, whatever the order of the text. */

import type { AlterTableCmd, AlterTableType } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';

/** Passes in their order (AlterTablePass, tablecmds.c; 14 to 18 agree on what is in here). */
const passes = {
  drop: 0,
  type: 1,
  addColumn: 2,
  attributes: 3,
  keys: 4,
  constraints: 5,
  other: 6,
} as const;

const passesOfTypes: Partial<Record<AlterTableType, number>> = {
  AT_DropColumn: passes.drop,
  AT_DropConstraint: passes.drop,
  AT_DropExpression: passes.drop,
  AT_DropIdentity: passes.drop,
  AT_DropNotNull: passes.drop,
  AT_AlterColumnType: passes.type,
  AT_AddColumn: passes.addColumn,
  AT_SetExpression: passes.addColumn,
  AT_SetNotNull: passes.attributes,
  AT_AddIdentity: passes.constraints,
};

const passesOfConstraints: Readonly<Record<string, number>> = {
  CONSTR_NOTNULL: passes.attributes,
  CONSTR_PRIMARY: passes.keys,
  CONSTR_UNIQUE: passes.keys,
  CONSTR_EXCLUSION: passes.keys,
};

/** The pass of a command; commands of one pass run in the order of the text (ATPrepCmd and ATParseTransformCmd, tablecmds.c). */
export function passOf({ subtype, def }: AlterTableCmd): number {
  if (subtype === 'AT_ColumnDefault') return def ? passes.constraints : passes.drop;
  if (subtype === 'AT_AddConstraint')
    return passesOfConstraints[nodeOf(def, 'Constraint')?.contype ?? ''] ?? passes.constraints;
  return (subtype && passesOfTypes[subtype]) ?? passes.other;
}

/** Commands, or what is made of them, in the order in which they run. */
export function inOrderOfPasses<Item>(
  items: readonly Item[],
  commandOf: (item: Item) => AlterTableCmd,
): Item[] {
  return [...items].sort((one, other) => passOf(commandOf(one)) - passOf(commandOf(other)));
}
