/** Records the creation of a type with its array type. */

import type { ObjectId } from '../../syntax/object-id.js';
import { type Context, emit, emitCreate } from '../context.js';
import { createdName } from '../resolve-names.js';
import { arrayOf } from './into.js';

/** A type with its array type. */
export function createType(context: Context, parts: readonly string[], isImplicit = false): ObjectId {
  const type = createdName(context, 'type', parts);
  emitCreate(context, type, isImplicit ? { isImplicit } : {});
  emit(context, { action: 'create', object: arrayOf(type), isImplicit: true, isGenerated: true });
  return type;
}
