/** Finds the columns that an expression names. */

import type { Node } from '@pgsql/types';
import { namePartsOf } from './object-names.js';

/** Each once, without the names in front of them. */
export function checkedColumns(tree: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if ('ColumnRef' in value) {
      const name = namePartsOf((value.ColumnRef as { fields?: Node[] }).fields).at(-1);
      if (name !== undefined) found.add(name);
      return;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(tree);
  return [...found];
}
