/** Options and results of `kat graph`, as types without imports of code. */

import type { Dependency } from '../deps/result.js';
import type { MigrationStatus } from '../ledger/migration-status.js';

/** Several choices narrow each other down; without any, the whole graph is described. */
export interface GraphOptions {
  /** Don't ask the database. */
  offline?: boolean | undefined;
  /** Only pending migrations. Needs the database. */
  pending?: boolean | undefined;
  /** Only this migration and its surroundings, named as on the command line. */
  around?: string | undefined;
  /** With `around`: how many edges away the surroundings reach. Default 2. */
  generations?: number | undefined;
  /** Only this migration and its descendants. */
  from?: string | undefined;
  /** Only this migration and its ancestors. */
  to?: string | undefined;
  /** Only migrations whose SQL changes this object: a table, `table.column`, or any other. */
  touching?: string | undefined;
  /** Only what the branch adds to this git revision, with its parents. */
  gitBase?: string | undefined;
  /** Tell for each edge what the SQL needs it for. */
  reasons?: boolean | undefined;
  /** Tell redundant edges apart. */
  reduce?: boolean | undefined;
}

/** An edge to a parent, with what the SQL needs from it; without reasons it needs nothing that Kat can read. */
export type EdgeReasons = Pick<Dependency, 'id' | 'reasons'>;

export interface GraphMigration {
  id: string;
  timestamp: string;
  name: string;
  description?: string;
  /** Ids, as declared. */
  parents: readonly string[];
  /** Whether the whole graph has no child of it. */
  isHead: boolean;
  /**
   * Where its edges lead in the part that was chosen: to its parents, or through hidden migrations to the nearest ancestors.
   * With `reduce`, redundant parents are left out.
   */
  shownParents: readonly string[];
  /** With `reduce`: parents that are ancestors of other parents. */
  redundantParents?: readonly string[];
  /** Left out where the database was not asked. */
  status?: MigrationStatus;
  /** With `gitBase`: what the branch did to it. */
  branch?: 'added' | 'edited';
  /** With `reasons`: one entry for each parent. */
  reasons?: readonly EdgeReasons[];
}

export interface GraphDescription {
  /** Whether the database was not asked, or could not be reached. */
  isOffline: boolean;
  /** How many migrations the whole graph has. */
  total: number;
  /** The chosen migrations, parents before their children. */
  migrations: readonly GraphMigration[];
}
