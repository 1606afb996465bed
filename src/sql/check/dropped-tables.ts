/** Reads which tables a text drops or empties, by itself or with their schema. What dynamic SQL does is not seen. */

import type { RangeVar } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { Statement } from '../syntax/parse.js';
import type { DroppedNames } from './dropped-names.js';

/** What `statements` drop or empty. A table that they rename first is named as it is called before. */
export function findDropped(statements: readonly Statement[]): DroppedNames {
  const drops = statements.flatMap(({ node }) => nodeOf(node, 'DropStmt') ?? []);
  const named = (kind: string) =>
    drops.filter(({ removeType }) => removeType === kind).flatMap(({ objects = [] }) => objects.map(partsOf));
  return {
    tables: [...named('OBJECT_TABLE').map(formerName(statements)), ...findTruncated(statements)],
    schemas: named('OBJECT_SCHEMA').flatMap((parts) => parts.at(-1) ?? []),
    setsSearchPath: statements.some(({ node }) => nodeOf(node, 'VariableSetStmt')?.name === 'search_path'),
  };
}

function findTruncated(statements: readonly Statement[]): string[][] {
  return statements.flatMap(({ node }) =>
    (nodeOf(node, 'TruncateStmt')?.relations ?? [])
      .flatMap((relation) => nodeOf(relation, 'RangeVar') ?? [])
      .map(partsOfRange),
  );
}

function partsOfRange({ schemaname, relname = '' }: RangeVar): string[] {
  return schemaname === undefined ? [relname] : [schemaname, relname];
}

/** @returns the name that a table had before `statements` gave it another one. */
function formerName(statements: readonly Statement[]): (parts: readonly string[]) => readonly string[] {
  const renames = statements.flatMap(({ node }) => nodeOf(node, 'RenameStmt') ?? []);
  return (parts) => {
    const rename = renames.find(
      ({ renameType, newname }) => renameType === 'OBJECT_TABLE' && newname === parts.at(-1),
    );
    return rename?.relation ? partsOfRange(rename.relation) : parts;
  };
}
