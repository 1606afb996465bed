/** Finds the tables of a history whose column or row order is visible to a statement. */

import type { Effect, MigrationEffects } from '../effects/effect.js';

/** Tables by their names, whatever their schemas. */
export interface OrderedTables {
  /** All of their columns are asked for in their order: by `*`, or by an INSERT that names none. */
  columns: ReadonlySet<string>;
  /** Their rows are copied or numbered as they come, or may be. */
  rows: ReadonlySet<string>;
}

/** @param history what its migrations do, in their order */
export function findOrderedTables(history: readonly MigrationEffects[]): OrderedTables {
  const found = { columns: new Set<string>(), rows: new Set<string>() };
  // Backwards, so that a table is known by its last name before it gets it.
  for (const { effects } of [...history].reverse()) {
    const numbering = findNumbering(effects);
    for (const effect of [...effects].reverse()) {
      if (effect.usage === 'all columns' || effect.usage === 'leading columns')
        found.columns.add(effect.object.name);
      const table = tableInOrder(effect, numbering);
      if (table !== undefined) found.rows.add(table);
      for (const names of [found.columns, found.rows]) followRename(names, effect);
    }
  }
  return found;
}

/** The statements that draw numbers from a sequence, which every row they read may get. */
function findNumbering(effects: readonly Effect[]): ReadonlySet<number> {
  return new Set(
    effects
      .filter(({ action, object, by }) => action === 'update' && object.kind === 'sequence' && !by)
      .map(({ statement }) => statement),
  );
}

function tableInOrder(effect: Effect, numbering: ReadonlySet<number>): string | undefined {
  const { action, object, rowAccess, filling, statement } = effect;
  if (action === 'read' && (rowAccess === 'scan' || numbering.has(statement))) return object.name;
  return filling === 'numbered' ? object.parent : undefined;
}

function followRename(names: Set<string>, { action, object, to }: Effect): void {
  if (action === 'alter' && to && names.has(to.name)) names.add(object.name);
}
