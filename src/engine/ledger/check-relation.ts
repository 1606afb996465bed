/** Lists the problems of a table for Kat's records, in one sentence each. */

import { isTable, type LedgerRelation } from './relations.js';

/** Problems of a table with any columns: its rows would be lost, hidden, or belong to another table. */
export function relationProblems(relation: LedgerRelation): string[] {
  const { isUnlogged, hasChildren, isHidden } = relation;
  if (!isTable(relation)) return ['it is not a table'];
  return [
    ...(isUnlogged ? ['it is unlogged, so a crash of the server empties it'] : []),
    ...(hasChildren ? ['other tables inherit from it, and their rows count as its own'] : []),
    ...(isHidden ? ['row-level security hides rows of it from this role'] : []),
  ];
}

/**
 * @param accepted for each column that must be there, the types that it may have.
 * @param given the columns that Kat gives values.
 */
export function columnProblems(
  { columns }: LedgerRelation,
  accepted: Readonly<Record<string, readonly string[]>>,
  given: ReadonlySet<string>,
): string[] {
  const missingOrWrong = Object.entries(accepted).flatMap(([name, types]) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (!column) return [`column ${name} is missing`];
    return types.includes(column.type) ? [] : [`column ${name} is ${column.type}, not ${types.join(' or ')}`];
  });
  const demanded = columns
    .filter(({ name, mustBeGiven }) => mustBeGiven && !given.has(name))
    .map(({ name }) => `column ${name} has no default, and Kat knows no value for it`);
  return [...missingOrWrong, ...demanded];
}
