/** Reads which tables a text drops, by itself or with their schema. What dynamic SQL drops is not seen. */

import { nodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { Statement } from '../syntax/parse.js';

/** Names as they are written, in parts. */
export interface DroppedNames {
  tables: readonly (readonly string[])[];
  schemas: readonly string[];
}

/** What `statements` drop, in their order. */
export function findDropped(statements: readonly Statement[]): DroppedNames {
  const drops = statements.flatMap(({ node }) => nodeOf(node, 'DropStmt') ?? []);
  const named = (kind: string) =>
    drops.filter(({ removeType }) => removeType === kind).flatMap(({ objects = [] }) => objects.map(partsOf));
  return {
    tables: named('OBJECT_TABLE'),
    schemas: named('OBJECT_SCHEMA').flatMap((parts) => parts.at(-1) ?? []),
  };
}
