/** Liquibase: changesets in formatted SQL, in the order in which the changelogs name their files. */

import { basename } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportMarker, warn } from '../markers.js';
import {
  fillPlaceholders,
  type PlaceholderStyle,
  type Placeholders,
  warnOfMissing,
} from '../placeholders.js';
import { endStatements } from '../separators.js';
import {
  chain,
  cut,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { listChangelogs } from './liquibase-changelogs.js';
import { type ChangeSet, readChangeSets, readProperties } from './liquibase-file.js';
import { keyOfChangeSet, liquibaseTable } from './liquibase-table.js';

export const liquibase: ImportAdapter = { read: readLiquibase, hasPlaceholders: true, table: liquibaseTable };

type Unchained = Omit<SourceMigration, 'parents'>;

/** Attributes of Liquibase that Kat ignores, by name in lower case. */
const lost: Readonly<Record<string, (value: string) => string | undefined>> = {
  context: (value) => `runs with the context ${value} only: Kat applies it everywhere`,
  contextfilter: (value) => `runs with the context ${value} only: Kat applies it everywhere`,
  runalways: (value) => (value === 'true' ? 'runs each time: Kat applies it once' : undefined),
  runonchange: (value) => (value === 'true' ? 'runs after each change: Kat applies it once' : undefined),
  failonerror: (value) => (value === 'false' ? 'may fail: Kat stops at an error' : undefined),
};

function readLiquibase(folder: SourceFolder, placeholders: Placeholders): SourceMigration[] {
  const sources = listChangelogs(folder).flatMap((path) => {
    const source = folder.read(path);
    return source ? { path, source } : [];
  });
  const properties = Object.assign({}, ...sources.map(({ source }) => readProperties(source)));
  const values = { ...properties, ...placeholders };
  const sets = sources.flatMap(({ path, source }) =>
    readChangeSets(folder, path, fillPlaceholders(folder, source, parameters, values)),
  );
  return chain(sets.filter((set) => isMeant(folder, set)).map((set) => toMigration(folder, set)));
}

/** Names take no account of case. Liquibase leaves a parameter without a value as it is. */
const parameters: PlaceholderStyle = {
  pattern: /\$\{(?!:)([^}\r\n]*)\}/g,
  normalize: (name) => name.toLowerCase(),
  onMissing: warnOfMissing,
};

function isMeant(folder: SourceFolder, { path, id, attributes }: ChangeSet): boolean {
  const dbms = attributes.get('dbms');
  if (attributes.get('ignore') === 'true') leaveOut(folder, path, `changeset ${id} is to be ignored`);
  else if (dbms && !isForPostgres(dbms)) leaveOut(folder, path, `changeset ${id} is for ${dbms}`);
  else return true;
  return false;
}

/** A list of databases, or of those that it is not for. */
function isForPostgres(dbms: string): boolean {
  const names = dbms
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  if (names.includes('!postgresql') || names.includes('none')) return false;
  return (
    names.some((name) => ['postgresql', 'all'].includes(name)) || names.every((name) => name.startsWith('!'))
  );
}

function toMigration(folder: SourceFolder, set: ChangeSet): Unchained {
  const { path, id, author, attributes, sql, comment } = set;
  warnOfLost(folder, set);
  const where = attributes.get('logicalfilepath') ?? path;
  const [, number] = /^[vV]?(\d+)/.exec(basename(path)) ?? [];
  const stem = basename(path).replace(/\.sql$/i, '');
  return {
    key: keyOfChangeSet({ path: where, id, author }),
    ...{ label: keyOfChangeSet({ path, id, author }), name: nameOf(set, stem) },
    ...(number ? { number } : {}),
    up: divide(folder, set, cut(sql, 0), 'splitstatements', 'enddelimiter'),
    ...readRollback(folder, set),
    noTransaction: attributes.get('runintransaction') === 'false',
    ...(comment ? { description: comment } : {}),
  };
}

function nameOf({ id, author }: ChangeSet, stem: string): string {
  if (author === 'includeAll') return stem.replace(/^[vV]?\d+[-_.]*/, '') || stem;
  return /[a-z]/i.test(id) ? id : `${stem}_${id}`;
}

function warnOfLost(folder: SourceFolder, { id, attributes, source, index }: ChangeSet): void {
  for (const [name, value] of attributes) {
    const loss = lost[name]?.(value);
    if (loss) warn(folder, source, { message: `changeset ${id} ${loss}`, index });
  }
}

/** A line with `/` or `go` ends a statement, unless the changeset names another delimiter: a regular expression. */
function divide(
  folder: SourceFolder,
  { attributes, source, index }: ChangeSet,
  text: SourceText,
  split: string,
  ending: string,
): SourceText {
  if (attributes.get(split) === 'false') return text;
  const delimiter = attributes.get(ending) ?? '';
  if (delimiter === ';') return text;
  const ownLine = (word: string) => `(?<![^\\n])[ \\t]*(?:${word})[ \\t]*(?![^\\r\\n])`;
  const isLine = delimiter === '' || /^(?:\/|go)$/i.test(delimiter);
  const separator = isLine
    ? ownLine(delimiter || 'go|/')
    : delimiter.length === 1
      ? `\\${delimiter}`
      : delimiter;
  try {
    return { ...text, text: endStatements(text.text, separator) };
  } catch {
    return (
      reportMarker(folder, source, {
        message: `the delimiter ${delimiter} is not a regular expression that Kat can read`,
        help: 'Write another delimiter, in a copy of the folder.',
        index,
      }) ?? text
    );
  }
}

function readRollback(folder: SourceFolder, set: ChangeSet): Pick<Unchained, 'down'> {
  const { rollback, source, index, id } = set;
  const text = rollback.text.trim();
  if (/^(?:not required|empty)\b/i.test(text)) return { down: { ...rollback, text: 'SELECT;\n' } };
  if (/\bchangesetid:/i.test(text)) {
    warn(folder, source, {
      message: `the rollback of changeset ${id} is another changeset, which Kat leaves out`,
      help: 'Write the SQL into its down.sql.',
      index,
    });
    return {};
  }
  return writtenDown(
    divide(folder, set, cut(rollback, 0), 'rollbacksplitstatements', 'rollbackenddelimiter'),
  );
}
