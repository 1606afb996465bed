/** Says which statements may run code of the users' own: functions, procedures, triggers, rules and blocks. */

import type { Statement } from '../syntax/parse.js';

/** What runs code that the statement itself does not show. */
const runners: ReadonlySet<string> = new Set(['DoStmt', 'CallStmt', 'ExecuteStmt']);

/** What may bring code along. */
const definers: ReadonlySet<string> = new Set([
  'CreateFunctionStmt',
  'CreateExtensionStmt',
  'DoStmt',
  'CallStmt',
  'ExecuteStmt',
]);

/** What runs no function even where there are some: it only writes definitions down. */
const definitions: ReadonlySet<string> = new Set([
  ...[
    'CreateFunctionStmt',
    'CreateStmt',
    'CreateSeqStmt',
    'CreateEnumStmt',
    'CompositeTypeStmt',
    'CreateTrigStmt',
  ],
  ...[
    'ViewStmt',
    'CommentStmt',
    'GrantStmt',
    'GrantRoleStmt',
    'RenameStmt',
    'AlterOwnerStmt',
    'AlterObjectSchemaStmt',
  ],
  ...['DropStmt', 'CreateSchemaStmt', 'AlterEnumStmt', 'VariableSetStmt'],
]);

/**
 * Whether a part of a history may run code that nobody looks into.
 * @param before the statements of the parts before it, from the history's beginning on
 */
export function mayRunCode(statements: readonly Statement[], before: readonly Statement[]): boolean {
  if (statements.some(({ kind }) => runners.has(kind))) return true;
  const all = [...before, ...statements];
  // An event trigger runs at any definition.
  if (all.some(({ kind }) => kind === 'CreateEventTrigStmt')) return true;
  return all.some(({ kind }) => definers.has(kind)) && statements.some(({ kind }) => !definitions.has(kind));
}
