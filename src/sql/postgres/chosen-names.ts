/** Chooses names as PostgreSQL does for constraints and indexes that a statement leaves without one (commands/indexcmds.c). */

import type { Constraint, IndexElem, IndexStmt, Node } from '@pgsql/types';
import { checkedColumns } from '../syntax/checked-columns.js';
import { nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { firstFree, joinColumns, makeObjectName } from './generated-names.js';
import { figuredName } from './inferred-names.js';

/** The end of a constraint's name, by its `contype`; what is not in here is no constraint of its own. */
export const constraintLabels: Readonly<Record<string, string>> = {
  CONSTR_PRIMARY: 'pkey',
  CONSTR_UNIQUE: 'key',
  CONSTR_EXCLUSION: 'excl',
  CONSTR_FOREIGN: 'fkey',
  CONSTR_CHECK: 'check',
  CONSTR_NOTNULL: 'not_null',
};

/** The parts of a generated name. */
export interface NameParts {
  table: string;
  /** As `elementNames` and `constraintColumns` give them. */
  columns: readonly string[];
  /** Such as `idx` or one of `constraintLabels`. */
  label: string;
}

/** A primary key is named after its table alone, and so is a check that names several columns or none (ChooseConstraintName). */
export function chooseName({ table, columns, label }: NameParts, isTaken: (name: string) => boolean): string {
  const isAlone = label === 'pkey' || (label === 'check' && columns.length !== 1);
  const middle = isAlone ? undefined : joinColumns(numbered(columns));
  return firstFree((suffix) => makeObjectName(table, middle, label + suffix), isTaken);
}

/** A number distinguishes repeated columns of an index (ChooseIndexColumnNames). */
function numbered(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const name = firstFree(
      (suffix) => column + suffix,
      (candidate) => taken.has(candidate),
    );
    taken.add(name);
    return name;
  });
}

/** The columns that a constraint is about: of a check, those that its expression names. */
export function constraintColumns({ contype, keys, fk_attrs, raw_expr, exclusions }: Constraint): string[] {
  if (contype === 'CONSTR_CHECK') return checkedColumns(raw_expr);
  if (contype === 'CONSTR_EXCLUSION')
    return elementNames(nodesOf(exclusions, 'List').map(({ items }) => items?.[0]));
  return namePartsOf(contype === 'CONSTR_FOREIGN' ? fk_attrs : keys);
}

/** The columns in a constraint's generated name: those that are only stored with a key count too. */
export function constraintNameParts(constraint: Constraint): string[] {
  return [...constraintColumns(constraint), ...namePartsOf(constraint.including)];
}

/** The columns in an index's generated name: those that are only stored with it count too. */
export function indexNameParts({ indexParams = [], indexIncludingParams = [] }: IndexStmt): string[] {
  return elementNames([...indexParams, ...indexIncludingParams]);
}

/** How the elements of an index are called: expressions by what they are (FigureIndexColname, parser/parse_target.c). */
export function elementNames(elements: readonly (Node | undefined)[]): string[] {
  const nameOf = ({ name, expr }: IndexElem) => name ?? figuredName(expr) ?? 'expr';
  return numbered(elements.flatMap((element) => nodesOf(element && [element], 'IndexElem')).map(nameOf));
}
