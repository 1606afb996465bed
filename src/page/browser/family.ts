/** Knows the relatives of each migration. */

import type { PageMigration } from '../page-data.js';

export interface Family {
  has(id: string): boolean;
  get(id: string): PageMigration;
  children(id: string): readonly string[];
  ancestors(id: string): ReadonlySet<string>;
  descendants(id: string): ReadonlySet<string>;
}

export function relateMigrations(migrations: readonly PageMigration[]): Family {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const childrenOf = new Map<string, string[]>(migrations.map(({ id }) => [id, []]));
  for (const { id, parents } of migrations) for (const parent of parents) childrenOf.get(parent)?.push(id);
  const parents = (id: string) => byId.get(id)?.parents.filter((parent) => byId.has(parent)) ?? [];
  const children = (id: string) => childrenOf.get(id) ?? [];
  return {
    has: (id) => byId.has(id),
    get: (id) => byId.get(id) as PageMigration,
    children,
    ancestors: (id) => reach(id, parents),
    descendants: (id) => reach(id, children),
  };
}

function reach(start: string, neighboursOf: (id: string) => readonly string[]): Set<string> {
  const found = new Set(neighboursOf(start));
  for (const id of found) for (const next of neighboursOf(id)) found.add(next);
  return found;
}
