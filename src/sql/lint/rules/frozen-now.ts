/** The text 'now' is read when the default is made, and stays that moment for ever. */

import type { Node } from '@pgsql/types';
import { literalOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { declaredColumns } from '../declared-columns.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

/** Inputs of dates and times that depend on the clock (documentation, "Special Date/Time Inputs"). */
const clockWords: ReadonlySet<string> = new Set(['now', 'today', 'tomorrow', 'yesterday']);
const clockTypes: ReadonlySet<string> = new Set(['timestamp', 'timestamptz', 'date', 'time', 'timetz']);

export const frozenNow: Rule = {
  id: 'frozen-now',
  severity: 'error',
  topic: 'design',
  summary: "a default such as 'now', which is the time of the migration",
  checkStatement: (statement) => [...newDefaults(statement), ...changedDefaults(statement)],
};

function newDefaults(statement: LintedStatement): Found[] {
  return declaredColumns(statement).flatMap(({ definition, text, type }) => {
    const value = nodesOf(definition.constraints, 'Constraint').find(
      ({ contype }) => contype === 'CONSTR_DEFAULT',
    );
    if (!clockTypes.has(type?.name ?? '')) return [];
    return complain(statement, text, { value: value?.raw_expr, location: value?.location });
  });
}

function changedDefaults(statement: LintedStatement): Found[] {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  return nodesOf(alter?.cmds, 'AlterTableCmd').flatMap(({ subtype, name, def }) => {
    // A text column may well have the word itself for a default.
    if (subtype !== 'AT_ColumnDefault' || !nodeOf(def, 'TypeCast')) return [];
    const location = alter?.relation?.location;
    return complain(statement, `${alter?.relation?.relname}.${name}`, { value: def, location });
  });
}

function complain(
  statement: LintedStatement,
  column: string,
  { value, location }: { value: Node | undefined; location: number | undefined },
): Found[] {
  const word = literalOf(value)?.trim().toLowerCase() ?? '';
  if (!clockWords.has(word)) return [];
  return [
    {
      at: statement.indexOf(location),
      message: `the default '${word}' of ${column} is evaluated once, when the default is set: all rows get the same time`,
      help: `Use ${word === 'now' ? 'now()' : 'current_date'}, which is evaluated for each row.`,
    },
  ];
}
