/** The adapter of another migration tool: reads its folder and its tracking table. */

import type { Placeholders } from './placeholders.js';
import type { SourceFolder, SourceMigration } from './source.js';
import type { TrackingTable } from './tracking-table.js';

export interface ImportAdapter {
  /** @returns the migrations in the order in which the tool runs them. What is wrong goes to the folder's problems and warnings. */
  read(folder: SourceFolder, placeholders: Placeholders): SourceMigration[];
  /** Whether its SQL may hold placeholders, for which people give values. */
  hasPlaceholders?: true;
  table: TrackingTable;
}
