/** Integer keys of 32 bits run out, and then every INSERT fails. */

import type { Constraint } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { namePartsOf } from '../../effects/object-names.js';
import { describeType } from '../../schema/read-type.js';
import { findRelation } from '../../schema/schema.js';
import { type DeclaredColumn, findTypes } from '../declared-columns.js';
import type { LintedStatement, Rule } from '../rule.js';

/** The greatest value of each. */
const greatest: Readonly<Record<string, string>> = { int2: '32,767', int4: '2,147,483,647' };

export const preferBigintKeys: Rule = {
  id: 'prefer-bigint-keys',
  severity: 'warning',
  summary: 'a key that is numbered with less than 64 bits',
  checkStatement: (statement) =>
    findTypes(statement, (column) => {
      const { type, text, definition } = column;
      const limit = greatest[type?.name ?? ''];
      if (!type || limit === undefined || type.isArray || refersToAnother(statement, column))
        return undefined;
      const isKey = keyOf(statement) === definition.colname || has(column, 'CONSTR_PRIMARY');
      if (!isNumbered(column) && !(isKey && type.name === 'int4')) return undefined;
      return {
        message: `${text} is ${describeType(type)}: after ${limit} every INSERT into it fails`,
        help: 'Use bigint: to change the type later rewrites the table under an ACCESS EXCLUSIVE lock, and all tables that refer to it.',
        // Numbers that come from elsewhere may well be few.
        ...(isNumbered(column) ? {} : { severity: 'info' as const }),
      };
    }),
};

function constraintsOf({ definition }: DeclaredColumn): Constraint[] {
  return nodesOf(definition.constraints, 'Constraint');
}

function has(column: DeclaredColumn, contype: Constraint['contype']): boolean {
  return constraintsOf(column).some((constraint) => constraint.contype === contype);
}

/** Whether a sequence gives its values. */
function isNumbered(column: DeclaredColumn): boolean {
  if (column.isSerial || has(column, 'CONSTR_IDENTITY')) return true;
  return constraintsOf(column).some(({ contype, raw_expr }) => {
    const called = contype === 'CONSTR_DEFAULT' ? nodeOf(raw_expr, 'FuncCall') : undefined;
    return namePartsOf(called?.funcname).at(-1) === 'nextval';
  });
}

function tableConstraints({ node }: LintedStatement): Constraint[] {
  return nodesOf(nodeOf(node, 'CreateStmt')?.tableElts, 'Constraint');
}

/** The only column of the primary key that stands apart from the columns. */
function keyOf(statement: LintedStatement): string | undefined {
  const key = tableConstraints(statement).find(({ contype }) => contype === 'CONSTR_PRIMARY');
  const columns = namePartsOf(key?.keys);
  return columns.length === 1 ? columns[0] : undefined;
}

/** Such a column has the type of the one that it refers to; a column that gets another type has its constraints already. */
function refersToAnother(statement: LintedStatement, column: DeclaredColumn): boolean {
  const name = column.definition.colname ?? '';
  const known = column.isChange ? findRelation(statement.schema, column.table) : undefined;
  return (
    has(column, 'CONSTR_FOREIGN') ||
    tableConstraints(statement).some(({ fk_attrs }) => namePartsOf(fk_attrs).includes(name)) ||
    [...(known?.constraints.values() ?? [])].some(
      ({ kind, columns }) => kind === 'foreign key' && columns.includes(name),
    )
  );
}
