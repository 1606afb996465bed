/** Reads Drizzle Kit's folder: files in the order of meta/_journal.json, or, since version 1, a folder for each migration. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportMarker } from '../markers.js';
import { timestampOf } from '../numbers.js';
import { endOfStatement } from '../separators.js';
import { chain, type SourceFolder, type SourceMigration, type SourceText } from '../source.js';
import { drizzleTable } from './drizzle-table.js';

export const drizzle: ImportAdapter = { read: readDrizzle, table: drizzleTable };

const journalFile = join('meta', '_journal.json');
const breakpoint = /[^\S\n]*--> statement-breakpoint/g;

interface JournalEntry {
  tag: string;
  /** Milliseconds since 1970. */
  when: number;
}

/** In the order of the journal, or of the folders' names. */
function readDrizzle(folder: SourceFolder): SourceMigration[] {
  return folder.folders.includes('meta') ? readJournalled(folder) : readFolders(folder);
}

function readJournalled(folder: SourceFolder): SourceMigration[] {
  const source = folder.read(journalFile);
  const journal = source && parseJournal(folder, source);
  if (!journal) return [];
  const tags = new Set(journal.map(({ tag }) => `${tag}.sql`));
  for (const file of folder.files.filter((name) => name.endsWith('.sql') && !tags.has(name))) {
    leaveOut(folder, file, 'meta/_journal.json does not list it');
  }
  const migrations = journal.flatMap(({ tag, when }) => {
    const up = folder.read(`${tag}.sql`);
    const name = tag.replace(/^\d+_/, '');
    return up ? { ...describe(tag, up, when), name, number: String(when) } : [];
  });
  return chain(migrations);
}

function parseJournal(folder: SourceFolder, source: SourceText): JournalEntry[] | undefined {
  const journal = parseJson(source.text);
  const entries = listOf(journal, 'entries').flatMap((entry) => {
    const [tag, when] = [fieldOf(entry, 'tag'), fieldOf(entry, 'when')];
    return typeof tag === 'string' && typeof when === 'number' ? { tag, when } : [];
  });
  if (listOf(journal, 'entries').length !== entries.length || journal === undefined) {
    return reportMarker(folder, source, {
      message: 'this is not a journal of Drizzle Kit',
      help: 'Restore meta/_journal.json as `drizzle-kit generate` wrote it.',
    });
  }
  const dialect = fieldOf(journal, 'dialect');
  if (dialect !== 'postgresql' && dialect !== 'pg') {
    return reportMarker(folder, source, {
      message: `these migrations are for ${String(dialect)}, not for PostgreSQL`,
      help: 'Import only migrations that were written for PostgreSQL.',
    });
  }
  return entries;
}

/** Snapshots say which migrations one was made on top of: two branches of Git leave two heads, as in Kat. */
function readFolders(folder: SourceFolder): SourceMigration[] {
  const snapshots = new Map<string, Snapshot>();
  const migrations = folder.folders.flatMap((key) => {
    const up = folder.read(join(key, 'migration.sql'));
    const snapshot = up && readSnapshot(folder, key);
    if (snapshot) snapshots.set(key, snapshot);
    const [, digits = '', name = ''] = /^(\d+)_(.*)$/.exec(key) ?? [key, '', key];
    const when = Number(timestampOf(digits)) * 1000;
    return up ? { ...describe(key, up, when), name, ...(digits ? { number: digits } : {}) } : [];
  });
  const keyOf = new Map([...snapshots].map(([key, { id }]) => [id, key]));
  return chain(migrations).map((migration) => {
    const made = snapshots.get(migration.key)?.parents.map((id) => keyOf.get(id) ?? '');
    return made?.every((key) => key !== '' && key < migration.key)
      ? { ...migration, parents: made }
      : migration;
  });
}

interface Snapshot {
  id: string;
  parents: string[];
}

const nothing = '00000000-0000-0000-0000-000000000000';

function readSnapshot(folder: SourceFolder, key: string): Snapshot | undefined {
  const path = join(key, 'snapshot.json');
  const source = existsSync(join(folder.root, path)) ? folder.read(path) : undefined;
  const snapshot = source && parseJson(source.text);
  const id = fieldOf(snapshot, 'id');
  const parents = listOf(snapshot, 'prevIds').filter((parent) => typeof parent === 'string');
  return typeof id === 'string' && parents.length > 0
    ? { id, parents: parents.filter((parent) => parent !== nothing) }
    : undefined;
}

function describe(key: string, up: SourceText, when: number) {
  const hash = createHash('sha256').update(up.text).digest('hex');
  return {
    key,
    aliases: [`when ${when} hash ${hash}`, `when ${when}`, `hash ${hash}`],
    label: key,
    up: {
      ...up,
      text: up.text.replace(breakpoint, (_, index: number) => endOfStatement(up.text.slice(0, index))),
    },
    noTransaction: false,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}
