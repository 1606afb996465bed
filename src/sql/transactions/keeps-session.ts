/**
 * Finds statements that only make new objects. PostgreSQL runs no function of the database for them, so they change no setting, lock
 * or temporary object of their session, do not end their transaction, and write into no table. Event triggers are not considered.
 */

import type { CreateFunctionStmt, CreateStmt, IndexStmt, Node, RangeVar } from '@pgsql/types';
import type { Statement } from '../syntax/parse.js';

/** Whether the statement is known to be one of them. */
export function keepsSession({ node }: Statement): boolean {
  if ('CreateStmt' in node) return isSimpleTable(node.CreateStmt);
  if ('CreateFunctionStmt' in node) return isSimpleFunction(node.CreateFunctionStmt);
  if ('IndexStmt' in node) return isSimpleIndex(node.IndexStmt);
  if ('ViewStmt' in node) return isPermanent(node.ViewStmt.view);
  if ('CreateSeqStmt' in node) return isPermanent(node.CreateSeqStmt.sequence);
  if ('CreateEnumStmt' in node) return !isTemporary(node.CreateEnumStmt.typeName);
  return 'CommentStmt' in node;
}

/** Defaults and checks are stored and not evaluated. */
function isSimpleTable(table: CreateStmt): boolean {
  const { partbound, partspec, inhRelations, ofTypename, accessMethod, tableElts = [] } = table;
  const isSpecial = partbound ?? partspec ?? ofTypename ?? accessMethod ?? inhRelations?.[0];
  return isSpecial === undefined && isPermanent(table.relation) && tableElts.every(isSimpleElement);
}

function isSimpleElement(element: Node): boolean {
  if ('Constraint' in element) return isSimpleConstraint(element);
  return 'ColumnDef' in element && (element.ColumnDef.constraints ?? []).every(isSimpleConstraint);
}

/** The planner evaluates constant parts of a generated column and of an exclusion constraint's index. */
function isSimpleConstraint(node: Node): boolean {
  if (!('Constraint' in node)) return false;
  const { contype } = node.Constraint;
  return contype !== 'CONSTR_GENERATED' && contype !== 'CONSTR_EXCLUSION';
}

/** The validators of these languages parse a body and do not run it. Those of others may. */
const parsedLanguages = new Set(['sql', 'plpgsql']);

/** `SET name FROM CURRENT` would store settings that Kat has made for the transaction. */
function isSimpleFunction({ funcname, options = [] }: CreateFunctionStmt): boolean {
  if (isTemporary(funcname)) return false;
  const elements = options.flatMap((option) => ('DefElem' in option ? [option.DefElem] : []));
  const isCurrent = ({ arg }: (typeof elements)[number]) =>
    arg !== undefined && 'VariableSetStmt' in arg && arg.VariableSetStmt.kind === 'VAR_SET_CURRENT';
  const language = elements.find(({ defname }) => defname === 'language')?.arg;
  // Without a language it is `sql`, and the body is part of the grammar.
  const name = language && 'String' in language ? language.String.sval : 'sql';
  return name !== undefined && parsedLanguages.has(name) && !elements.some(isCurrent);
}

/** Expressions and conditions call functions for each row. Operator classes of B-trees belong to superusers. */
function isSimpleIndex(index: IndexStmt): boolean {
  const { concurrent, whereClause, accessMethod = 'btree', indexParams = [], excludeOpNames } = index;
  const isColumn = (param: Node) =>
    'IndexElem' in param && param.IndexElem.name !== undefined && param.IndexElem.opclass === undefined;
  return (
    concurrent !== true &&
    whereClause === undefined &&
    excludeOpNames === undefined &&
    accessMethod === 'btree' &&
    isPermanent(index.relation) &&
    indexParams.every(isColumn)
  );
}

function isPermanent(relation: RangeVar | undefined): boolean {
  return relation?.relpersistence === 'p' && !relation.schemaname?.startsWith(temporarySchema);
}

/** Whether a name says the schema of the session. */
function isTemporary(name: readonly Node[] | undefined): boolean {
  return name?.some((part) => 'String' in part && part.String.sval?.startsWith(temporarySchema)) === true;
}

/** Also the beginning of its real name, such as `pg_temp_3`. */
const temporarySchema = 'pg_temp';
