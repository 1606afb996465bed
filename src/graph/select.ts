/** Understands how a person names migrations on the command line. */

import { KatError } from '../errors.js';
import type { Graph } from './graph.js';
import { indexMigrations } from './index-migrations.js';
import { listIds, suggestIds } from './list-ids.js';
import type { Migration } from './migration.js';

/**
 * The migrations that `reference` means: `heads` all heads, `head` the only one; else a timestamp, an id or a name; else
 * the beginning of exactly one id or name. A migration that is itself named `head` is reached by its id.
 * @returns exactly one, except for `heads`: as many as there are.
 * @throws KatError USAGE, naming the candidates, when it means none or several.
 */
export function findMigrations(graph: Graph, reference: string): readonly Migration[] {
  if (reference === 'heads') return graph.heads;
  if (reference === 'head') return [onlyHead(graph)];
  const index = indexMigrations(graph.migrations);
  const found = index.find(reference);
  const candidates = found.length > 0 ? found : findByPrefix(graph, reference);
  if (candidates.length === 1) return candidates;
  throw candidates.length === 0
    ? unknown(reference, index.suggest(reference))
    : ambiguous(reference, candidates);
}

function onlyHead({ heads }: Graph): Migration {
  const [head, ...others] = heads;
  if (!head) {
    throw new KatError('USAGE', 'there is no head, because there are no migrations', {
      help: 'Create one with `kat add`.',
    });
  }
  if (others.length > 0) throw ambiguous('head', heads);
  return head;
}

function findByPrefix(graph: Graph, reference: string): Migration[] {
  if (reference === '') return [];
  return graph.migrations.filter(({ id, name }) => id.startsWith(reference) || name.startsWith(reference));
}

function ambiguous(reference: string, candidates: readonly Migration[]): KatError {
  const ids = listIds(candidates.map(({ id }) => id));
  return new KatError(
    'USAGE',
    `${JSON.stringify(reference)} could be any of ${candidates.length} migrations: ${ids}`,
    {
      help: 'Write the timestamp or the full id of the one that you mean.',
    },
  );
}

function unknown(reference: string, similar: readonly string[]): KatError {
  return new KatError('USAGE', `no migration matches ${JSON.stringify(reference)}`, {
    help: suggestIds(similar, 'Write an id, a timestamp, a name, or how one of them begins.'),
  });
}
