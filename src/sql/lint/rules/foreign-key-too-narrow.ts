/** A foreign key of a smaller integer type runs out of numbers before the key that it refers to. */

import type { Constraint } from '@pgsql/types';
import { describeType } from '../../schema/read-type.js';
import { type ColumnType, findRelation, nameText, type Relation, resolveRange } from '../../schema/schema.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { foreignKeysOf } from '../foreign-keys.js';
import type { Found, Rule } from '../rule.js';

export const foreignKeyTooNarrow: Rule = {
  id: 'foreign-key-too-narrow',
  severity: 'warning',
  topic: 'design',
  summary: 'foreign key of a smaller integer type than the column that it refers to',
  checkMigration: ({ ran }) =>
    ran.flatMap((statement) =>
      foreignKeysOf(statement).flatMap(({ constraint, columns, table }): Found[] => {
        const other = findRelation(statement.schema, resolveRange(statement.schema, constraint.pktable));
        if (!other) return [];
        const referenced = referencedColumns(constraint, other);
        return columns.flatMap((column, index) => {
          const own = table.columns.get(column)?.type;
          const wanted = other.columns.get(referenced[index] ?? '')?.type;
          if (!own || !wanted || !isNarrower(own, wanted)) return [];
          return [
            {
              at: statement.indexOf(constraint.location),
              message: `${nameText(table)}.${column} is ${describeType(own)}, but ${nameText(other)}.${referenced[index]} is ${describeType(wanted)}: it cannot refer to rows with larger numbers`,
              help: `Make it ${describeType(wanted)}.`,
            },
          ];
        });
      }),
    ),
};

const widths: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };

function isNarrower(own: ColumnType, wanted: ColumnType): boolean {
  return (widths[own.name] ?? 8) < (widths[wanted.name] ?? 0);
}

/** Without a list it is the primary key. */
function referencedColumns({ pk_attrs }: Constraint, other: Relation): readonly string[] {
  if (pk_attrs) return namePartsOf(pk_attrs);
  return [...other.constraints.values()].find(({ kind }) => kind === 'primary key')?.columns ?? [];
}
