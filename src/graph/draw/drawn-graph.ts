/** What is drawn of a graph, or of a part of it. */

import type { Migration } from '../migration.js';

export type DrawnMigration = Pick<Migration, 'id' | 'timestamp' | 'name' | 'parents'>;

export interface DrawnGraph {
  /** Parents before their children. */
  readonly migrations: readonly DrawnMigration[];
  get(id: string): DrawnMigration;
}
