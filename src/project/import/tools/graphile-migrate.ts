/** Graphile Migrate: committed files, each with headers that name its hash and that of the file before it. */

import { createHash } from 'node:crypto';
import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportMarker, warn } from '../markers.js';
import { compareDigits } from '../numbers.js';
import {
  fillPlaceholders,
  type PlaceholderStyle,
  type Placeholders,
  refuseMissingValues,
  warnOfMissing,
} from '../placeholders.js';
import {
  chain,
  cut,
  isBlankSql,
  looksLikeSql,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
} from '../source.js';
import { openBelow } from '../source-folder.js';
import { appliedAt, timeColumn } from '../tracking-table.js';

export const graphileMigrate: ImportAdapter = {
  read: readGraphileMigrate,
  hasPlaceholders: true,
  table: {
    name: 'graphile_migrate.migrations',
    columns: ['hash', 'filename', 'date'],
    query: () => ({ select: ['filename', timeColumn('date')], orderBy: 'filename' }),
    read: (rows) => ({
      applied: rows.map(({ filename, date }) => ({
        keys: [filename ?? ''],
        label: filename ?? '',
        ...appliedAt(date),
      })),
      problems: [],
    }),
  },
};

interface CommittedFile {
  file: string;
  number: string;
  name: string;
  source: SourceText;
  /** Of the file's own header; empty when it has none. */
  hash: string;
  /** Of the file before; empty for the first. */
  previous: string;
  message: string | undefined;
  body: SourceText;
}

const fileName = /^(\d+)(?:-([-\w]*))?\.sql$/;

/** In the order of the numbers. `folder` is `committed`, or its parent folder. */
function readGraphileMigrate(folder: SourceFolder, placeholders: Placeholders): SourceMigration[] {
  const isAbove = folder.folders.includes('committed');
  if (isAbove) warnOfCurrent(folder);
  const committed = isAbove ? openBelow(folder, 'committed') : folder;
  const files = committed.files.flatMap((file) => readFile(committed, file));
  files.sort((a, b) => compareDigits(a.number, b.number));
  checkHashes(committed, files);
  return chain(files.map((file) => toMigration(committed, file, placeholders)));
}

function warnOfCurrent(folder: SourceFolder): void {
  const source = folder.files.includes('current.sql') ? folder.read('current.sql') : undefined;
  if (source && !isBlankSql(source.text)) leaveOut(folder, 'current.sql', 'it is not committed');
}

function readFile(folder: SourceFolder, file: string): CommittedFile[] {
  const [, number, slug = ''] = fileName.exec(file) ?? [];
  if (number === undefined) {
    if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>-<name>.sql');
    return [];
  }
  const source = folder.read(file);
  if (!source) return [];
  const head = /^(?:--! [A-Z].*(?:\n|$))*/.exec(source.text)?.[0] ?? '';
  const headers = new Map(
    [...head.matchAll(/^--! (\w+)(?::[^\S\n]*(.*?))?\s*$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  if (!headers.get('Hash')) return refuseUncommitted(folder, source);
  const previous = headers.get('Previous') ?? '-';
  const message = headers.get('Message');
  return [
    {
      ...{ file, number, source, message, name: slug || message || 'migration' },
      ...{ hash: headers.get('Hash') ?? '', previous: previous === '-' ? '' : previous },
      body: cut(source, head.length),
    },
  ];
}

function refuseUncommitted(folder: SourceFolder, source: SourceText): [] {
  reportMarker(folder, source, {
    message: 'there is no line `--! Hash:`',
    help: 'Graphile Migrate refuses this file, too: commit it with `graphile-migrate commit`.',
  });
  return [];
}

/** A missing file between two others is a problem; a file edited by hand is a warning. */
function checkHashes(folder: SourceFolder, files: readonly CommittedFile[]): void {
  for (const [index, { file, source, hash, previous, body }] of files.entries()) {
    if (previous !== (files[index - 1]?.hash ?? '')) {
      reportMarker(folder, source, {
        message: `${file} follows ${previous || 'no other file'}, which is not the file before it`,
        help: 'Graphile Migrate refuses this folder, too: bring back the file that is missing.',
      });
    }
    if (hashOf(body.text, previous) === hash) continue;
    warn(folder, source, { message: `${file} was edited after it was committed: its hash is another one` });
  }
}

function hashOf(body: string, previous: string): string {
  const text = `${`${previous}\n${body.trim()}`.trim()}\n`;
  return `sha1:${createHash('sha1').update(text).digest('hex')}`;
}

function toMigration(
  folder: SourceFolder,
  { file, number, name, message, body }: CommittedFile,
  placeholders: Placeholders,
) {
  const [line] = /^--!\s*no-transaction\b[^\n]*\n?/.exec(body.text) ?? [];
  return {
    ...{ key: `${number}.sql`, label: file, name, number },
    up: fillPlaceholders(folder, cut(body, line?.length ?? 0), placeholderStyle, placeholders),
    noTransaction: line !== undefined,
    ...(message ? { description: message } : {}),
  };
}

/** Names that always have a value. */
const reserved = ['DATABASE_NAME', 'DATABASE_OWNER'];

/** Other names may be none of the settings', such as a part of a text. */
const placeholderStyle: PlaceholderStyle = {
  pattern: /(?<![:\w]):([A-Z][0-9A-Z_]+)\b/g,
  // They are written with a colon in Graphile Migrate's settings.
  normalize: (name) => name.replace(/^:/, ''),
  onMissing: (folder, source, found) => {
    if (reserved.includes(found.name)) refuseMissingValues(folder, source, found);
    else warnOfMissing(folder, source, found);
  },
};
