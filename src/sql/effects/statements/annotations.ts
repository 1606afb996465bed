/** Reads COMMENT and SECURITY LABEL, which change nothing but what is said about an object. */

import type { NodeOf } from '../../syntax/node-of.js';
import { type Context, emit } from '../context.js';
import { namedObject } from '../named-objects.js';

/** COMMENT ON. */
export function readComment(context: Context, { objtype, object }: NodeOf<'CommentStmt'>): void {
  const found = namedObject(context, { type: objtype, object });
  if (found) emit(context, { action: 'alter', object: found, change: 'comment' });
}

/** SECURITY LABEL ON. */
export function readSecurityLabel(context: Context, { objtype, object }: NodeOf<'SecLabelStmt'>): void {
  const found = namedObject(context, { type: objtype, object });
  if (found) emit(context, { action: 'alter', object: found, change: 'security label' });
}
