/** Short forms of an integer type with a sequence of its own (parse_utilcmd.c, transformColumnDefinition). */

import type { TypeName } from '@pgsql/types';
import { namePartsOf } from '../syntax/object-names.js';

/** The integer type that each stands for. */
export const serialTypes: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);

/** Whether a column of this type gets a sequence of its own. */
export function isSerialType(type: TypeName | undefined): boolean {
  const parts = namePartsOf(type?.names);
  return parts.length === 1 && serialTypes.has(parts[0] as string);
}
