/** Names the files of a migration in messages: programs are not called up.sql and down.sql. */

import { basename } from 'node:path';
import type { Direction, Migration } from '../../graph/migration.js';

/** @returns the names of the files that go up and down, without their folder. */
export function fileWords({ files }: Migration): Readonly<Record<Direction, string>> {
  return { up: basename(files.up), down: basename(files.down) };
}

/** @param text one of Kat's own, which speaks of up.sql and down.sql */
export function withFileWords(migration: Migration, text: string): string {
  const words = fileWords(migration);
  return text.replace(/\b(up|down)\.sql\b/g, (_, direction: Direction) => words[direction]);
}
