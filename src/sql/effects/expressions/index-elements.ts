/** Reads the columns and expressions of an index. */

import type { IndexElem, Node } from '@pgsql/types';
import { isBuiltinCollation, isBuiltinOperatorClass } from '../../postgres/builtin-names.js';
import { classProvidersOf, classTypeOf } from '../../postgres/extensions.js';
import { nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import { usedName } from '../resolve-names.js';
import { typeOfValue } from './casts.js';
import { readExpression } from './expressions.js';
import { scopeOf } from './scope.js';
import { isBuiltin } from './type-names.js';

/** The columns that an index needs, and its operator classes and collations. */
export function readIndexElements(
  context: ReaderContext,
  table: ObjectId,
  elements: readonly Node[] | undefined,
  method = 'btree',
): void {
  for (const element of nodesOf(elements, 'IndexElem')) {
    if (element.name) useIndexedColumn(context, partOf(table, 'column', element.name), element, method);
    readExpression(context, element.expr, scopeOf(table));
    useDefaultClass(context, element, method);
    useNamed(context, 'operator class', element.opclass, isBuiltinOperatorClass);
    useNamed(context, 'collation', element.collation, isBuiltinCollation);
  }
}

/** Without an operator class the type of the column must have a default one. */
function useIndexedColumn(
  context: ReaderContext,
  object: ObjectId,
  { opclass }: IndexElem,
  method: string,
): void {
  const isDefault = (opclass ?? []).length === 0;
  emit(context, { action: 'use', object, ...(isDefault ? { method } : {}) });
}

/** The same for the type of an expression. */
function useDefaultClass(context: ReaderContext, { expr, opclass }: IndexElem, method: string): void {
  const type = (opclass ?? []).length === 0 ? typeOfValue(context, expr) : undefined;
  for (const name of type === undefined ? [] : classProvidersOf(method, classTypeOf(type)))
    emitUse(context, { kind: 'extension', name });
}

/** Methods that every database has; others come with extensions. */
const builtinMethods: ReadonlySet<string> = new Set([
  'btree',
  'hash',
  'gist',
  'gin',
  'spgist',
  'brin',
  'heap',
]);

/** Needs an access method, unless every database has it. */
export function useAccessMethod(context: ReaderContext, name: string | undefined): void {
  if (name && !builtinMethods.has(name)) emitUse(context, { kind: 'access method', name });
}

/** Needs an operator class or collation, unless every database has it. */
export function useNamed(
  context: ReaderContext,
  kind: 'operator class' | 'collation',
  name: readonly Node[] | undefined,
  isKnown: (name: string) => boolean,
): void {
  const parts = namePartsOf(name);
  if (parts.length === 0 || isBuiltin(context, kind, parts, isKnown)) return;
  emitUse(context, usedName(context, kind, parts));
}
