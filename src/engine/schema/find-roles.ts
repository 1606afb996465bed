/** Finds the roles that migrations name and do not create: a database of one's own must have them first. */

import type { Graph } from '../../graph/graph.js';
import { readSql } from '../deps/read-sql.js';

const mayName = /\b(?:grant|revoke|owner|role|policy|authorization|privileges|user)\b/i;

/** @returns names, sorted. PostgreSQL's own roles are there already. */
export async function findRoles(graph: Graph): Promise<string[]> {
  const migrations = await readSql(graph);
  const effects = migrations.filter(({ text }) => mayName.test(text)).flatMap((one) => one.effects.effects);
  const roles = effects.filter(({ object }) => object.kind === 'role' && !object.name.startsWith('pg_'));
  const created = new Set(roles.flatMap(({ action, object }) => (action === 'create' ? object.name : [])));
  const named = new Set(roles.map(({ object }) => object.name).filter((name) => !created.has(name)));
  return [...named].sort();
}
