/** Predicts what another type for a column does to the foreign keys on both of its sides. */

import { isBinaryCast } from '../postgres/binary-casts.js';
import { referencesTo } from '../schema/relatives.js';
import {
  type ColumnType,
  type Constraint,
  findRelation,
  type Relation,
  type Schema,
} from '../schema/schema.js';
import type { ImpactContext } from './impact-builder.js';
import type { TypeChange } from './type-change.js';

interface ChangedColumn {
  name: string;
  /** Its new type; undefined where it is not known. */
  to: ColumnType | undefined;
  change: TypeChange;
}

/** Foreign keys are dropped and added again; their rows are checked unless both sides compare as before. */
export function changeKeys(context: ImpactContext, table: Relation, column: ChangedColumn): void {
  const { schema, builder } = context;
  for (const constraint of table.constraints.values()) {
    if (!constraint.references || !constraint.columns.includes(column.name)) continue;
    builder.lock(constraint.references, 'ACCESS EXCLUSIVE');
    if (!isChecked(column.change) || isComparedAlike(schema, constraint, column)) continue;
    builder.scan(table);
    builder.query(constraint.references);
  }
  for (const { table: other, constraint } of referencesTo(schema, table)) {
    if (!(constraint.referencedColumns ?? primaryKeyOf(table)).includes(column.name)) continue;
    builder.lock(other, 'ACCESS EXCLUSIVE');
    if (isChecked(column.change)) builder.scan(other);
  }
}

function isChecked({ isRewritten, keepsOrder }: TypeChange): boolean {
  return isRewritten || !keepsOrder;
}

/** A type that is the referenced one to the last byte is compared by the operator of that one (TryReuseForeignKey, tablecmds.c). */
function isComparedAlike(
  schema: Schema,
  { references, referencedColumns, columns }: Constraint,
  { name, to, change }: ChangedColumn,
): boolean {
  const other = references && findRelation(schema, references);
  if (!other || !to || change.isRewritten) return false;
  const referenced = (referencedColumns ?? primaryKeyOf(other))[columns.indexOf(name)];
  const type = other.columns.get(referenced ?? '')?.type;
  return type !== undefined && isBinaryCast(to.name, type.name);
}

function primaryKeyOf({ constraints }: Relation): readonly string[] {
  return [...constraints.values()].find(({ kind }) => kind === 'primary key')?.columns ?? [];
}
