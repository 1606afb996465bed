/** PostgreSQL refuses a command that names one column twice: two values for it, or two columns of one name. */

import type { AlterTableStmt, Node, SelectStmt } from '@pgsql/types';
import { columnNames } from '../../effects/expressions/query-columns.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { nodesIn } from '../../syntax/objects-in.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const duplicateAssignment: Rule = {
  id: 'duplicate-assignment',
  severity: 'error',
  summary: 'a command that names one column twice',
  checkStatement: (statement) => [...findTwoValues(statement), ...findTwoColumns(statement)],
};

function findTwoValues(statement: LintedStatement): Found[] {
  const { node } = statement;
  const lists = [
    ...nodesIn(node, 'UpdateStmt').map(({ targetList }) => targetList),
    ...nodesIn(node, 'InsertStmt').flatMap(({ cols, onConflictClause }) => [
      cols,
      onConflictClause?.targetList,
    ]),
    ...nodesIn(node, 'MergeWhenClause').map(({ targetList }) => targetList),
  ];
  return lists.flatMap((list) =>
    findAssignedTwice(list).map(({ name, location }) => ({
      at: statement.indexOf(location),
      message: `the column ${name} gets two values in one command, which PostgreSQL refuses`,
      help: 'Remove one of them.',
    })),
  );
}

/** Elements of one array and fields of one value may be set apart (rewriteHandler.c, process_matched_tle). */
function findAssignedTwice(list: readonly Node[] | undefined): { name: string; location?: number }[] {
  const seen = new Map<string, 'part' | 'whole'>();
  return nodesOf(list, 'ResTarget').filter(({ name = '', indirection }) => {
    const what = indirection ? 'part' : 'whole';
    const before = seen.get(name);
    seen.set(name, what);
    return name !== '' && before !== undefined && !(before === 'part' && what === 'part');
  }) as { name: string; location?: number }[];
}

/** The columns that a command makes, in the order of PostgreSQL's own check. */
function findTwoColumns(statement: LintedStatement): Found[] {
  const name = findRepeated(declaredNames(statement.node));
  if (name === undefined) return [];
  return [
    {
      at: statement.start,
      message: `the column ${name} is specified twice in one command, which PostgreSQL refuses`,
      help: 'Give one of them another name, or remove it.',
    },
  ];
}

function findRepeated(names: readonly (string | undefined)[]): string | undefined {
  return names.find((name, index) => name !== undefined && names.indexOf(name) < index);
}

function declaredNames(node: Node): (string | undefined)[] {
  const table = nodeOf(node, 'CreateStmt') ?? nodeOf(node, 'CreateForeignTableStmt')?.base;
  if (table) return namesOfColumns(table.tableElts);
  const type = nodeOf(node, 'CompositeTypeStmt');
  if (type) return namesOfColumns(type.coldeflist);
  const alter = nodeOf(node, 'AlterTableStmt');
  if (alter) return addedNames(alter);
  const view = nodeOf(node, 'ViewStmt');
  const copy = nodeOf(node, 'CreateTableAsStmt');
  const select = nodeOf(node, 'SelectStmt');
  const isCopied = select !== undefined && firstOf(select).intoClause !== undefined;
  return namesOfQuery(
    isCopied ? select : nodeOf(view?.query ?? copy?.query, 'SelectStmt'),
    namePartsOf(view?.aliases ?? copy?.into?.colNames),
  );
}

function namesOfColumns(elements: readonly Node[] | undefined): (string | undefined)[] {
  return nodesOf(elements, 'ColumnDef').map(({ colname }) => colname);
}

function addedNames({ cmds }: AlterTableStmt): (string | undefined)[] {
  return nodesOf(cmds, 'AlterTableCmd')
    .filter(({ subtype, missing_ok }) => subtype === 'AT_AddColumn' && !missing_ok)
    .map(({ def }) => nodeOf(def, 'ColumnDef')?.colname);
}

/** A star may join columns of one name, so that nothing is known of such a query. */
function namesOfQuery(
  query: SelectStmt | undefined,
  aliases: readonly (string | undefined)[],
): (string | undefined)[] {
  if (!query || hasStar(query)) return [];
  return columnNames(query).map((name, index) => aliases[index] ?? name);
}

/** The first query of a UNION names the columns of all, and the table of INTO. */
function firstOf(query: SelectStmt): SelectStmt {
  let first = query;
  while (first.larg) first = first.larg;
  return first;
}

function hasStar(query: SelectStmt): boolean {
  return nodesOf(firstOf(query).targetList, 'ResTarget').some(({ val }) =>
    nodeOf(val, 'ColumnRef')?.fields?.some((field) => 'A_Star' in field),
  );
}
