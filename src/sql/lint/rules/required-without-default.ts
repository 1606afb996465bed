/** Running code does not know a new column, and leaves an old one to its default: without one its INSERTs fail. */

import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { isNull } from '../../syntax/null-values.js';
import { commandsOnLiveTable, type TableCommand } from '../alter-table-commands.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const requiredWithoutDefault: Rule = {
  id: 'required-without-default',
  severity: 'error',
  summary:
    'a column of a table in use is left NOT NULL and without a default, so that INSERTs of running code fail',
  checkMigration: (whole) => {
    const commands = whole.transactions
      .flat()
      .flatMap((statement) =>
        commandsOnLiveTable(statement).flatMap((command) => readColumn(statement, command) ?? []),
      );
    return [...byColumn(commands).values()].filter(isLeft).map(describe);
  },
};

type ColumnCommands = [ColumnCommand, ...ColumnCommand[]];

function byColumn(commands: readonly ColumnCommand[]): Map<string, ColumnCommands> {
  const columns = new Map<string, ColumnCommands>();
  for (const command of commands) {
    const own = columns.get(command.text);
    if (own) own.push(command);
    else columns.set(command.text, [command]);
  }
  return columns;
}

/** A command that takes part in whether INSERTs must name a column. */
interface ColumnCommand {
  text: string;
  column: string;
  statement: LintedStatement;
  command: TableCommand;
  /** The column property that it sets; undefined if it sets none. */
  isRequired?: boolean;
  hasDefault?: boolean;
  isAdded: boolean;
}

function readColumn(statement: LintedStatement, command: TableCommand): ColumnCommand | undefined {
  const { subtype, def, name = '' } = command.command;
  const change = { statement, command, isAdded: false };
  const of = (column: string) => ({ column, text: `${nameText(command.table)}.${column}` });
  const added = subtype === 'AT_AddColumn' ? nodeOf(def, 'ColumnDef') : undefined;
  if (added) return { ...change, ...of(added.colname ?? ''), ...readAdded(added), isAdded: true };
  if (subtype === 'AT_ColumnDefault')
    return { ...change, ...of(name), hasDefault: def !== undefined && !isNull(def) };
  if (subtype === 'AT_AddIdentity') return { ...change, ...of(name), hasDefault: true };
  if (subtype === 'AT_DropIdentity' || subtype === 'AT_DropExpression')
    return { ...change, ...of(name), hasDefault: false };
  if (subtype === 'AT_SetNotNull') return { ...change, ...of(name), isRequired: true };
  return subtype === 'AT_DropNotNull' ? { ...change, ...of(name), isRequired: false } : undefined;
}

function readAdded({ constraints }: { constraints?: Parameters<typeof nodesOf>[0] }) {
  const kinds = new Set(nodesOf(constraints, 'Constraint').map(({ contype }) => contype));
  return {
    isRequired: kinds.has('CONSTR_NOTNULL') || kinds.has('CONSTR_PRIMARY'),
    hasDefault: (['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'] as const).some((kind) =>
      kinds.has(kind),
    ),
  };
}

/**
 * Of a column that was there, only the loss of its default counts: who requires it does so on purpose. A new column that is refused at
 * once, because rows have no value for it, has a rule of its own.
 */
function isLeft(own: Readonly<ColumnCommands>): boolean {
  const { column, statement, command } = lastOf(own);
  const added = own.find(({ isAdded }) => isAdded);
  const loses = own.some(({ hasDefault, isAdded }) => hasDefault === false && !isAdded);
  const isLate = own.some(({ isRequired, isAdded }) => isRequired && !isAdded);
  const isEmptied = added?.statement.isEmptied(command.table) === true;
  if (!loses && !(added && (isLate || isEmptied))) return false;
  const owner = findRelation(statement.schema, command.table);
  const known = owner?.columns.get(column);
  if (owner?.isWhole && !known) return false;
  if (known) return known.isNotNull && !known.hasDefault && !known.isGenerated;
  const state = Object.assign(
    {},
    ...own.map(({ isRequired, hasDefault }) => present({ isRequired, hasDefault })),
  );
  return state.isRequired === true && state.hasDefault === false;
}

function lastOf(own: Readonly<ColumnCommands>): ColumnCommand {
  return own.at(-1) ?? own[0];
}

function present(state: object): object {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

function describe(own: Readonly<ColumnCommands>): Found {
  const { text, command, statement, column } = lastOf(own);
  const isNew = own.some(({ isAdded }) => isAdded) || statement.isNewColumn(command.table, column);
  return {
    at: command.at,
    message: `${text} is NOT NULL and has no default now, so every INSERT without this column fails`,
    help: 'Keep the default until every running version writes the column.',
    ...(isNew ? {} : { severity: 'warning' as const }),
  };
}
