/** Finds pending migrations that create what a database has already: they may have run there without a record. */

import type { Graph } from '../../graph/graph.js';
import { present } from '../../present.js';
import type { ObjectId } from '../../sql/syntax/object-id.js';
import { readSql } from '../deps/read-sql.js';
import type { SchemaChangeFound, SchemaComparison } from './result.js';
import { adviseToStamp } from './stamp-advice.js';

type Found = Pick<SchemaComparison, 'differences' | 'findings'>;

/**
 * @param graph the folder's. @param applied ids.
 * @returns the same differences and findings; those about what a pending migration creates say which one, and what to do.
 */
export async function withPendingCreators(
  { differences, findings }: Found,
  graph: Graph,
  applied: ReadonlySet<string>,
): Promise<Found> {
  const isWanted = differences.some(({ change }) => change === 'added');
  const creators = isWanted ? await findCreators(graph, (id) => !applied.has(id)) : new Map<string, string>();
  const creatorOf = ({ change, object }: SchemaChangeFound) =>
    change === 'added' ? creators.get(plain(object)) : undefined;
  return {
    differences: differences.map((difference) => ({
      ...difference,
      ...present({ createdBy: creatorOf(difference) }),
    })),
    findings: findings.map((finding, index) => {
      const id = creatorOf(differences[index] as SchemaChangeFound);
      return id === undefined
        ? finding
        : { ...finding, help: `${adviseToStamp(id)}. ${finding.help ?? ''}`.trim() };
    }),
  };
}

async function findCreators(graph: Graph, isPending: (id: string) => boolean): Promise<Map<string, string>> {
  const creators = new Map<string, string>();
  if (!graph.migrations.some(({ id }) => isPending(id))) return creators;
  for (const { id, effects } of await readSql(graph)) {
    const created = isPending(id) ? effects.effects.filter(({ action }) => action === 'create') : [];
    for (const { object } of created) creators.set(textOf(object), id);
  }
  return creators;
}

/** As a difference writes it: `column public.users.email`. */
function textOf({ kind, schema, path, parent, name }: ObjectId): string {
  return plain(
    `${kind} ${[schema ?? path?.[0], parent, name].filter((part) => part !== undefined).join('.')}`,
  );
}

/** Without quotes, and without the types of arguments. */
function plain(text: string): string {
  return text.replaceAll('"', '').replace(/\(.*$/s, '');
}
