/** Reads COMMENT and SECURITY LABEL, which change only an object's annotations. */

import type { NodeOf } from '../../syntax/node-of.js';
import { emit, type ReaderContext } from '../context.js';
import { namedObject } from '../named-objects.js';

/** COMMENT ON. */
export function readComment(
  context: ReaderContext,
  { objtype, object, comment }: NodeOf<'CommentStmt'>,
): void {
  const found = namedObject(context, { type: objtype, object });
  if (found)
    emit(context, {
      action: 'alter',
      object: found,
      change: { kind: 'comment' },
      sets: { comment: comment ?? '' },
    });
}

/** SECURITY LABEL ON. */
export function readSecurityLabel(
  context: ReaderContext,
  { objtype, object, provider, label }: NodeOf<'SecLabelStmt'>,
): void {
  const found = namedObject(context, { type: objtype, object });
  const sets = { [`label ${provider ?? ''}`]: label ?? '' };
  if (found) emit(context, { action: 'alter', object: found, change: { kind: 'security label' }, sets });
}
