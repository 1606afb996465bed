/** The input of a comparison between declared and needed parents. */

import type { Graph } from '../../graph/graph.js';
import type { RawMigration } from '../../graph/migration.js';
import type { KnownEvidence } from '../evidence/judge.js';
import type { ReadHistory } from './read-sql.js';
import type { MigrationDependencies } from './result.js';

/** The compared data. All lists are in the order of the graph. */
export interface Comparison {
  graph: Graph;
  raw: readonly RawMigration[];
  history: ReadHistory;
  /** The needs, as reported. */
  migrations: readonly MigrationDependencies[];
  /** Whether guesses count. */
  isConservative: boolean;
  /** What executions have shown. */
  evidence: KnownEvidence;
}
