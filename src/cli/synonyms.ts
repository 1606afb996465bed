/** The names that other tools have for what Kat's commands do. */

import type { CommandName } from './output/documents/document-of.js';

const synonyms: Partial<Record<CommandName, string>> = {
  add: 'new create make generate revision seed',
  up: 'migrate apply upgrade run deploy latest',
  down: 'rollback revert downgrade undo',
  status: 'list ls info current pending show-migrations',
  history: 'log',
  baseline: 'introspect pull dump',
  stamp: 'mark fake resolve',
  repair: 'fix',
  unlock: 'force release',
  validate: 'verify-checksums',
  export: 'dot',
  db: 'createdb dropdb drop wait',
};

/** @returns the command that does what the word means elsewhere. */
export function commandMeantBy(word: string): CommandName | undefined {
  const entries = Object.entries(synonyms) as [CommandName, string][];
  return entries.find(([, words]) => words.split(' ').includes(word))?.[0];
}
