/** Finds the columns that an expression names. */

import { namePartsOf } from './object-names.js';
import { nodesIn } from './objects-in.js';

/** Each once, without the names in front of them. */
export function checkedColumns(tree: unknown): string[] {
  const names = nodesIn(tree, 'ColumnRef').map(({ fields }) => namePartsOf(fields).at(-1));
  return [...new Set(names)].filter((name) => name !== undefined);
}
