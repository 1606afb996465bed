/** Predicts what a statement costs others, from the statement itself and what the history knows of its tables. */

import type { Node } from '@pgsql/types';
import { nodeOf } from '../effects/node-of.js';
import { resolveRange, type Schema } from '../schema/schema.js';
import { type Impact, noImpact } from './impact.js';

/**
 * @param schema as it is before the statement
 * @param oldestServer the oldest major version of PostgreSQL that it may run on
 */
export function predictImpact(node: Node, schema: Schema, _oldestServer: number): Impact {
  const index = nodeOf(node, 'IndexStmt');
  if (!index) return noImpact;
  const table = resolveRange(schema, index.relation);
  const mode = index.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  return { locks: [{ relation: table, mode }], rewrites: [], scans: [table] };
}
