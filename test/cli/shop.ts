/** The migrations that the tests of moves share, and what a command did with them. */
import { expect } from 'vitest';
import { documentOf } from '../support/document.js';
import type { MigrationSource, Project } from '../support/kat-project.js';

export function table(name: string, parents: number[] = []): MigrationSource {
  return { up: `CREATE TABLE ${name} ();`, down: `DROP TABLE ${name};`, parents };
}

/**
 *     1_users ──┬─→ 2_profiles ──┐
 *               └─→ 3_posts ─────┴─→ 5_authors      4_tags
 */
export const shop = {
  '1_users': table('users'),
  '2_profiles': table('profiles', [1]),
  '3_posts': table('posts', [1]),
  '4_tags': table('tags'),
  '5_authors': table('authors', [2, 3]),
} satisfies Record<string, MigrationSource>;

/** Runs a command that must succeed: `+1_users` for what it applied, `-1_users` for what it rolled back, in order. */
export async function stepsOf(project: Project, command: string): Promise<string[]> {
  // PGlite takes seconds to open its folder for the first time, and many where the machine is busy.
  const run = await project.kat(`${command} --json`, { timeoutMs: 120_000 });
  expect(run, run.stdout).toMatchObject({ code: 0 });
  const { migrations } = documentOf(run) as unknown as { migrations: { id: string; direction: string }[] };
  return migrations.map(({ id, direction }) => (direction === 'up' ? `+${id}` : `-${id}`));
}
