/** Converts inferred dependencies into findings with file lines. */

import type { Graph } from '../../graph/graph.js';
import type { Dependencies, Need } from '../../sql/dependencies/infer.js';
import type { ReadHistory } from './read-sql.js';
import type { Dependency, MigrationDependencies } from './result.js';

/** Every migration with what it needs, in the order of the graph. */
export function reportMigrations(
  graph: Graph,
  history: ReadHistory,
  { isConservative }: { isConservative: boolean },
): MigrationDependencies[] {
  const readById = new Map(history.migrations.map((read) => [read.id, read]));
  const inferred = isConservative ? history.conservative : history.precise;
  return inferred.map(({ id, needs, parents }: Dependencies) => {
    const ancestors = graph.ancestors(id);
    const { effects, locate } = readById.get(id) as ReadHistory['migrations'][number];
    const describe = (need: Need): Dependency => {
      const other = readById.get(need.id) as ReadHistory['migrations'][number];
      const reasons = need.reasons.map(({ message, place, otherPlace, isGuess }) => ({
        message,
        location: locate(place),
        otherLocation: other.locate(otherPlace),
        isGuess,
      }));
      return { id: need.id, isAncestor: ancestors.has(need.id), reasons };
    };
    const opaque = effects.opaque.filter(({ when }) => when === 'now');
    return {
      id,
      parents: graph.get(id).parents,
      needs: needs.filter(({ id, isAlternative }) => !isAlternative || ancestors.has(id)).map(describe),
      inferredParents: parents,
      opaque: opaque.map(({ reason, place }) => ({ reason, location: locate(place) })),
    };
  });
}
