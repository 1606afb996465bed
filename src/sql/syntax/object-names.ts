/** Converts the grammar's notations of a name into objects. */

import type { Node, ObjectWithArgs, RangeVar, TypeName } from '@pgsql/types';
import { joinNames } from './identifiers.js';
import type { ObjectId, ObjectKind } from './object-id.js';

/** The parts of a name as it was written: `name`, `schema.name`, `table.column` and so on. */
export function namePartsOf(nodes: readonly Node[] | undefined): string[] {
  const parts: string[] = [];
  for (const node of nodes ?? []) if ('String' in node) parts.push(node.String.sval ?? '');
  return parts;
}

/** The parts of the name that a statement gives as one node: a list, a string, a type or a function. */
export function partsOf(node: Node | undefined): string[] {
  if (!node) return [];
  if ('List' in node) return namePartsOf(node.List.items);
  if ('String' in node) return [node.String.sval ?? ''];
  // Large objects have numbers for names.
  if ('Integer' in node) return [String(node.Integer.ival ?? 0)];
  if ('Float' in node) return [node.Float.fval ?? ''];
  if ('TypeName' in node) return namePartsOf(node.TypeName.names);
  if ('ObjectWithArgs' in node) return namePartsOf(node.ObjectWithArgs.objname);
  if ('RangeVar' in node) return partsOfRange(node.RangeVar);
  return [];
}

/** As `namePartsOf`, for a relation. */
export function partsOfRange({ schemaname, relname }: RangeVar): string[] {
  return schemaname ? [schemaname, relname ?? ''] : [relname ?? ''];
}

/** The text of a type as PostgreSQL writes it in a list of arguments. */
export function typeText(type: TypeName | undefined): string {
  const parts = namePartsOf(type?.names);
  const isBuiltin = parts.length > 1 && parts[0] === 'pg_catalog';
  return `${joinNames(...(isBuiltin ? parts.slice(1) : parts))}${(type?.arrayBounds ?? []).length > 0 ? '[]' : ''}`;
}

/** The arguments by which a function or operator is named; undefined where the name alone must do. */
export function argsOf({ objargs, args_unspecified }: ObjectWithArgs): string | undefined {
  if (args_unspecified) return undefined;
  const types = (objargs ?? []).map((node) => ('TypeName' in node ? typeText(node.TypeName) : '*'));
  return `(${types.join(',')})`;
}

/** An object that belongs to a relation or type, such as a column. */
export function partOf(owner: ObjectId, kind: ObjectKind, name: string): ObjectId {
  return {
    kind,
    ...(owner.schema === undefined ? {} : { schema: owner.schema }),
    ...(owner.path ? { path: owner.path } : {}),
    parent: owner.name,
    name,
  };
}

/** The same object under another name. */
export function renamed(object: ObjectId, name: string): ObjectId {
  return { ...object, name };
}

/** The same object in another schema, with its own type if it is none of several candidates. */
export function movedTo(object: ObjectId, schema: string): ObjectId {
  const { path: _, ...rest } = object;
  return { ...rest, schema };
}
