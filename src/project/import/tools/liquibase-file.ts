/** Parses a Liquibase file into changesets: comments mark the purpose of each line. */

import { reportMarker, warn } from '../markers.js';
import { isBlankSql, type SourceFolder, type SourceText } from '../source.js';

export interface ChangeSet {
  /** Of its file, with slashes. */
  path: string;
  id: string;
  author: string;
  /** By their names in small letters. */
  attributes: ReadonlyMap<string, string>;
  /** The file that it is in, and where it begins there. */
  source: SourceText;
  index: number;
  sql: SourceText;
  /** Empty if the file has none. */
  rollback: SourceText;
  comment: string | undefined;
}

interface Line {
  text: string;
  /** Of the file, counted from 1. */
  number: number;
  index: number;
}

interface OpenChangeSet extends Omit<ChangeSet, 'sql' | 'rollback'> {
  lines: Line[];
}

const header = /^\s*--\s*liquibase\s*formatted/i;
const changeSetLine = /^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+)(.*)$/i;
const anyChangeSet = /^\s*--?\s*changeset\b/i;
const rollbackLine = /^\s*--\s*rollback (.*)$/i;
const commentLine = /^\s*--\s*comment:? (.*)$/i;
/** Lines that are neither SQL nor rollback SQL. */
const otherDirective =
  /^\s*--\s*(?:liquibase\s*formatted|property\s|preconditions?\b|comment:? |validCheckSum\b|tagDatabase\b|rollbackSqlFile\b|include(?:All)?\s)/i;
/** Features of Liquibase that Kat does not have. */
const unknownToKat = /^\s*--\s*(precondition-[\w-]+|tagDatabase|rollbackSqlFile|include(?:All)?(?=\s+\w+:))/i;

/** @returns no changesets when something is wrong with the file. A file without the first line is one changeset. */
export function readChangeSets(folder: SourceFolder, path: string, source: SourceText): ChangeSet[] {
  const lines = withoutIgnored(readLines(source));
  const [first] = lines.filter(({ text }) => text.trim() !== '');
  if (!first || !header.test(first.text)) return [plainFile(path, source)];
  refuseOpenRollback(folder, source);
  const defaults = readAttributes(first.text);
  const sets: OpenChangeSet[] = [];
  for (const line of lines) {
    const match = changeSetLine.exec(line.text);
    if (match) sets.push(openChangeSet({ path, source, index: line.index, match, defaults }));
    else if (anyChangeSet.test(line.text)) refuseName(folder, source, line);
    else sets.at(-1)?.lines.push(line);
    const [, directive] = unknownToKat.exec(line.text) ?? [];
    if (directive) warnOfDirective(folder, source, line, directive);
  }
  const before = lines.filter(({ index }) => index < (sets[0]?.index ?? 0));
  if (!isBlankSql(before.map(({ text }) => text).join('\n'))) warnOfSqlBefore(folder, source, before);
  return sets.map(closeChangeSet);
}

/** A block of rollback SQL that nothing ends would take the rest of the file along. */
function refuseOpenRollback(folder: SourceFolder, source: SourceText): void {
  const { text } = source;
  const index = [...text.matchAll(/^[^\S\n]*\/\*\s*liquibase\s*rollback\s*$/gim)].at(-1)?.index;
  if (index === undefined || text.slice(index).includes('*/')) return;
  reportMarker(folder, source, {
    message: '`/* liquibase rollback` has no `*/`',
    help: 'Liquibase refuses this file, too: close the comment behind the rollback SQL.',
    index,
  });
}

/** `--property name:schema value:app`, unless it is for another database. */
export function readProperties(source: SourceText): Record<string, string> {
  const found = readLines(source).flatMap(({ text }) => {
    const [, rest] = /^\s*--\s*property\s+(.*)$/i.exec(text) ?? [];
    const attributes = readAttributes(rest ?? '');
    const [name, value] = [attributes.get('name'), attributes.get('value')];
    const isOurs = /^(?:.*,)?\s*(?:postgresql|all)\b/i.test(attributes.get('dbms') ?? 'all');
    return name && value !== undefined && isOurs ? [[name, value] as const] : [];
  });
  // The first one counts.
  return Object.fromEntries(found.reverse());
}

function readLines({ text, line }: SourceText): Line[] {
  let index = 0;
  let isRollback = false;
  return text.split('\n').map((whole, at) => {
    const found = { text: whole.replace(/\r$/, ''), number: line + at, index };
    index += whole.length + 1;
    if (/^\s*\/\*\s*liquibase\s*rollback\s*$/i.test(found.text)) {
      isRollback = true;
      return { ...found, text: '' };
    }
    if (!isRollback) return found;
    isRollback = !/\*\/\s*$/.test(found.text);
    return { ...found, text: `--rollback ${found.text.replace(/\*\/\s*$/, '')}` };
  });
}

/** `--ignoreLines:start` up to `--ignoreLines:end`, or a number of lines. */
function withoutIgnored(lines: readonly Line[]): Line[] {
  let ignored = 0;
  return lines.map((line) => {
    const [, word] = /^--\s*ignoreLines:(\w+)/i.exec(line.text) ?? [];
    if (word) {
      ignored = word === 'start' ? Number.POSITIVE_INFINITY : word === 'end' ? 0 : Number(word);
      return { ...line, text: '' };
    }
    if (ignored <= 0) return line;
    ignored -= 1;
    return { ...line, text: '' };
  });
}

function readAttributes(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/(\w+):\s*("[^"]*"|\S*)/g)];
  return new Map(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), unquoted(value)]));
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1').trim();
}

function openChangeSet({
  match,
  defaults,
  ...place
}: Pick<ChangeSet, 'path' | 'source' | 'index'> & {
  match: RegExpExecArray;
  defaults: ReadonlyMap<string, string>;
}): OpenChangeSet {
  const [, author = '', id = '', rest = ''] = match;
  const path = defaults.get('logicalfilepath');
  const shared: [string, string][] = path ? [['logicalfilepath', path]] : [];
  const attributes = new Map([...shared, ...readAttributes(rest)]);
  return { ...place, id: unquoted(id), author: unquoted(author), attributes, comment: undefined, lines: [] };
}

function closeChangeSet({ lines, ...set }: OpenChangeSet): ChangeSet {
  const [first] = lines;
  const number = first?.number ?? set.source.line;
  const sql = lines.map(({ text }) => (rollbackLine.test(text) || otherDirective.test(text) ? '' : text));
  const back = lines.flatMap((line) => {
    const [, text] = rollbackLine.exec(line.text) ?? [];
    return text === undefined ? [] : [{ ...line, text }];
  });
  const comments = lines.flatMap(({ text }) => commentLine.exec(text)?.[1]?.trim() ?? []);
  const { file } = set.source;
  return {
    ...set,
    sql: { file, line: number, text: sql.join('\n') },
    rollback: { file, line: back[0]?.number ?? number, text: back.map(({ text }) => text).join('\n') },
    comment: comments.at(-1),
  };
}

/** Liquibase runs a file that is not in its format as one changeset of this name. */
function plainFile(path: string, source: SourceText): ChangeSet {
  return {
    ...{ path, source, index: 0, id: 'raw', author: 'includeAll', comment: undefined },
    attributes: new Map([['splitstatements', 'false']]),
    sql: source,
    rollback: { ...source, text: '' },
  };
}

function refuseName(folder: SourceFolder, source: SourceText, { index }: Line): void {
  reportMarker(folder, source, {
    message: 'this line does not name a changeset',
    help: 'Liquibase refuses this file, too: write `--changeset author:id`.',
    index,
  });
}

function warnOfDirective(folder: SourceFolder, source: SourceText, { index }: Line, directive: string): void {
  warn(folder, source, { message: `${directive} is left out: Kat has no equivalent`, index });
}

function warnOfSqlBefore(folder: SourceFolder, source: SourceText, [first]: readonly Line[]): void {
  warn(folder, source, {
    message: 'the text before the first changeset is left out, as Liquibase does',
    index: first?.index ?? 0,
  });
}
