/** Records the creation of a type with its array type. */

import type { ObjectId } from '../../syntax/object-id.js';
import { emit, emitCreate, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { resolveCreatedName } from '../resolve-names.js';
import { arrayOf } from './into.js';

/** Further facts about the creation. */
type TypeWords = Pick<Effect, 'isImplicit' | 'sets'>;

/** A type with its array type. */
export function createType(
  context: ReaderContext,
  parts: readonly string[],
  words: TypeWords = {},
): ObjectId {
  const type = resolveCreatedName(context, 'type', parts);
  emitCreate(context, type, words);
  emit(context, { action: 'create', object: arrayOf(type), isImplicit: true, isGenerated: true });
  return type;
}
