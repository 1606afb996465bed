/** Chooses the names that PostgreSQL gives to unnamed constraints. */

import { joinColumns, makeObjectName } from '../postgres/generated-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { Relation } from './schema.js';

/** As ChooseConstraintName and ChooseIndexName do it: a check of several columns is named after the table alone. */
export function chooseName(
  { name, constraints }: RelationName & Pick<Relation, 'constraints'>,
  label: string,
  columns: readonly string[],
): string {
  const isAlone = label === 'pkey' || (label === 'check' && columns.length !== 1);
  const base = makeObjectName(name, isAlone ? undefined : joinColumns(columns), label);
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? base : `${base}${number}`;
    if (!constraints.has(candidate)) return candidate;
  }
}
