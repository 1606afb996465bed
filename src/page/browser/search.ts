/** Finds migrations by what they are called and what they do. */

import type { PageMigration } from '../page-data.js';

/** Finds all words of a text in a migration, in any order; upper and lower case are the same. */
export function createSearch(migrations: readonly PageMigration[]): (text: string) => Set<string> {
  let texts: ReadonlyMap<string, string> | undefined;
  return (text) => {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) return new Set();
    texts ??= new Map(migrations.map((migration) => [migration.id, textOf(migration).toLowerCase()]));
    return new Set(
      [...texts].filter(([, all]) => words.every((word) => all.includes(word))).map(([id]) => id),
    );
  };
}

function textOf({ id, description = '', effects, findings, up, down }: PageMigration): string {
  const found = findings.map(({ code, message }) => `${code} ${message}`);
  return [id, description, ...effects.map(({ text }) => text), ...found, up?.text, down?.text].join('\n');
}
