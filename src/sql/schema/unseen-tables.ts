/** Remembers what migrations say about the constraints and types of tables that none of them creates. */

import type { AlterTableCmd, AlterTableType } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import { readFacts } from './read-table.js';
import { readType } from './read-type.js';
import { domainChain, userTypeOf } from './relatives.js';
import { type Constraint, keyOfName, type Schema } from './schema.js';

type Follower = (schema: Schema, known: Map<string, Constraint>, command: AlterTableCmd) => void;

const followers: Partial<Record<AlterTableType, Follower>> = {
  AT_AddColumn: markType,
  AT_AlterColumnType: markType,
  AT_AddConstraint: (schema, known, { def }) => {
    const constraint = nodeOf(def, 'Constraint');
    const facts = constraint && readFacts(schema, constraint);
    // Only PostgreSQL knows which name is free.
    const name = constraint?.conname ?? `unnamed ${known.size + 1}`;
    if (facts) known.set(name, { name, ...facts });
  },
  AT_ValidateConstraint: (_, known, { name = '' }) => {
    const found = known.get(name);
    if (found) known.set(name, { ...found, isValidated: true });
  },
  AT_DropConstraint: (_, known, { name = '' }) => {
    // It may be one of those without a name.
    if (!known.delete(name)) known.clear();
  },
  AT_DropColumn: forgetColumn,
  AT_DropNotNull: forgetColumn,
};

function markType(schema: Schema, _: unknown, { def }: AlterTableCmd): void {
  for (const type of domainChain(schema, readType(nodeOf(def, 'ColumnDef')?.typeName))) {
    const known = userTypeOf(schema, type);
    if (known) known.isOfUnseen = true;
  }
}

/** Carries a command of an ALTER TABLE into what is known of such a table. */
export function followUnseen(schema: Schema, table: RelationName, command: AlterTableCmd): void {
  const follower = command.subtype && followers[command.subtype];
  if (!follower) return;
  const known = schema.unseen.get(keyOfName(table)) ?? new Map<string, Constraint>();
  follower(schema, known, command);
  schema.unseen.set(keyOfName(table), known);
}

function forgetColumn(_: Schema, known: Map<string, Constraint>, { name: column = '' }: AlterTableCmd): void {
  for (const { columns, name } of [...known.values()]) if (columns.includes(column)) known.delete(name);
}

/** Once it is renamed, moved or dropped, nothing is known of it. */
export function forgetUnseen(schema: Schema, table: RelationName): void {
  schema.unseen.delete(keyOfName(table));
}

/** The constraints of such a table, as far as the migrations say. */
export function constraintsOfUnseen(schema: Schema, table: RelationName): ReadonlyMap<string, Constraint> {
  return schema.unseen.get(keyOfName(table)) ?? new Map();
}

/** A copy whose tables can change by themselves. */
export function copyUnseen({ unseen }: Schema): Schema['unseen'] {
  return new Map([...unseen].map(([key, constraints]) => [key, new Map(constraints)]));
}
