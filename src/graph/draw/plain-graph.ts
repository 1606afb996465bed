/** Writes the graph as JSON, for programs that draw it themselves. */

import type { Graph } from '../graph.js';
import type { Migration } from '../migration.js';

/** The part of each migration that does not depend on a computer. */
export interface PlainGraph {
  /** Parents before their children. */
  migrations: readonly Pick<Migration, 'id' | 'timestamp' | 'name' | 'description' | 'parents'>[];
}

export function plainGraph({ migrations }: Graph): PlainGraph {
  return {
    migrations: migrations.map(({ id, timestamp, name, description, parents }) => ({
      id,
      timestamp,
      name,
      ...(description === undefined ? {} : { description }),
      parents,
    })),
  };
}
