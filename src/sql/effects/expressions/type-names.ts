/** Needs of types, and the question whether a name is one of PostgreSQL's own. */

import type { CollateClause, ColumnDef, TypeName } from '@pgsql/types';
import { isBuiltinCollation, isBuiltinType } from '../../postgres/builtin-names.js';
import { isSerialType } from '../../postgres/serial-types.js';
import { isSystemSchema } from '../../postgres/system-schemas.js';
import type { ObjectKind } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { emitUse, type ReaderContext } from '../context.js';
import { nameSpaceOf } from '../name-space.js';
import { usedName } from '../resolve-names.js';

/** Whether a name means something that every database has, and not something that the text made under the same name. */
export function isBuiltin(
  context: ReaderContext,
  kind: ObjectKind,
  parts: readonly string[],
  isKnown: (name: string) => boolean,
): boolean {
  const schema = parts.at(-2);
  if (schema !== undefined) return isSystemSchema(schema);
  const name = parts.at(-1) ?? '';
  return isKnown(name) && !context.state.created.has(`${nameSpaceOf(kind)}:${name}`);
}

/** Needs a type, unless it is builtin; `t.c%TYPE` needs a column. @param usage of what has values of it */
export function useType(context: ReaderContext, type: TypeName | undefined, usage?: 'elements'): void {
  const parts = namePartsOf(type?.names);
  if (!type || parts.length === 0) return;
  if (type.pct_type) {
    const relation = usedName(context, 'relation', parts.slice(0, -1));
    emitUse(context, partOf(relation, 'column', parts.at(-1) ?? ''), type.location, 'copied column');
    return;
  }
  if (isSerialType(type) || isBuiltin(context, 'type', parts, isBuiltinType)) return;
  emitUse(context, usedName(context, 'type', parts), type.location, usage);
}

/** Needs the type and the collation of a column, an attribute or a domain. */
export function useTypeAndCollation(
  context: ReaderContext,
  { typeName, collClause }: Pick<ColumnDef, 'typeName' | 'collClause'>,
): void {
  useType(context, typeName, (typeName?.arrayBounds ?? []).length > 0 ? 'elements' : undefined);
  useCollation(context, collClause);
}

/** Needs a collation, unless it is builtin. */
export function useCollation(context: ReaderContext, clause: CollateClause | undefined): void {
  const parts = namePartsOf(clause?.collname);
  if (parts.length === 0 || isBuiltin(context, 'collation', parts, isBuiltinCollation)) return;
  emitUse(context, usedName(context, 'collation', parts), clause?.location);
}
