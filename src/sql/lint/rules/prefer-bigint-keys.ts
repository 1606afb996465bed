/** Integer keys of 32 bits run out, and then every INSERT fails. */

import type { Constraint, Node } from '@pgsql/types';
import { describeType } from '../../schema/read-type.js';
import { type ColumnType, findRelation, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { type DeclaredColumn, findTypes } from '../declared-columns.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

/** The greatest value of each. */
const greatest: Readonly<Record<string, string>> = { int2: '32,767', int4: '2,147,483,647' };

export const preferBigintKeys: Rule = {
  id: 'prefer-bigint-keys',
  severity: 'warning',
  topic: 'design',
  summary: 'a generated key of less than 64 bits',
  checkStatement: (statement) => [...numberedLater(statement), ...findKeys(statement)],
};

function findKeys(statement: LintedStatement): Found[] {
  return findTypes(statement, (column) => {
    const { type, text, definition } = column;
    if (!type || !isSmall(type) || refersToAnother(statement, column)) return undefined;
    const isKey = keyOf(statement) === definition.colname || has(column, 'CONSTR_PRIMARY');
    if (!isNumbered(column) && !(isKey && type.name === 'int4')) return undefined;
    // Numbers that come from elsewhere may well be few.
    return { ...complaint(text, type), ...(isNumbered(column) ? {} : { severity: 'info' as const }) };
  });
}

/** As pg_dump writes it: the sequence comes when the table is there. */
function numberedLater(statement: LintedStatement): Found[] {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  if (!alter) return [];
  const name = resolveRange(statement.schema, alter.relation);
  const columns = findRelation(statement.schema, name)?.columns;
  return nodesOf(alter.cmds, 'AlterTableCmd').flatMap(({ subtype, name: column = '', def }) => {
    const type = columns?.get(column)?.type;
    const isNumber = subtype === 'AT_AddIdentity' || (subtype === 'AT_ColumnDefault' && isNextval(def));
    if (!type || !isSmall(type) || !isNumber) return [];
    const at = statement.indexOf(alter.relation?.location);
    return [{ at, ...complaint(`${nameText(name)}.${column}`, type) }];
  });
}

function isSmall({ name, isArray }: ColumnType): boolean {
  return greatest[name] !== undefined && !isArray;
}

function complaint(text: string, type: ColumnType): Pick<Found, 'message' | 'help'> {
  return {
    message: `${text} is ${describeType(type)}: after ${greatest[type.name]} every INSERT into its table fails`,
    help: 'Use bigint: a later change of the type rewrites the table under an ACCESS EXCLUSIVE lock, and all tables that refer to it.',
  };
}

function constraintsOf({ definition }: DeclaredColumn): Constraint[] {
  return nodesOf(definition.constraints, 'Constraint');
}

function has(column: DeclaredColumn, contype: Constraint['contype']): boolean {
  return constraintsOf(column).some((constraint) => constraint.contype === contype);
}

/** Whether a sequence gives its values. */
function isNumbered(column: DeclaredColumn): boolean {
  if (column.isSerial || has(column, 'CONSTR_IDENTITY')) return true;
  return constraintsOf(column).some(
    ({ contype, raw_expr }) => contype === 'CONSTR_DEFAULT' && isNextval(raw_expr),
  );
}

function isNextval(value: Node | undefined): boolean {
  return namePartsOf(nodeOf(value, 'FuncCall')?.funcname).at(-1) === 'nextval';
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
