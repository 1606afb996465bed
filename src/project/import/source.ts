/** The common result of all readers: another tool's migrations in its own run order. */

import type { Problem, SourceLocation } from '../../errors.js';
import { locateOffset } from '../source-text.js';
import type { ChecksumTest } from './applied-text.js';

/** A part of a file, which knows where it was. */
export interface SourceText {
  /** Absolute. */
  file: string;
  /** Of the text's first line in the file, counted from 1. */
  line: number;
  text: string;
}

/** A migration of another tool. */
export interface SourceMigration {
  /** Its name in the other tool's tracking table. */
  key: string;
  /** Further names in that table. */
  aliases?: readonly string[];
  /** Its file or folder, as people know it. */
  label: string;
  /** As its author wrote it. */
  name: string;
  /** The digits that order it, where it has any. */
  number?: string;
  /** Keys. */
  parents: readonly string[];
  up: SourceText;
  down?: SourceText;
  /** Whether the source says that it runs outside of a transaction. */
  noTransaction: boolean;
  description?: string;
  /** Where the tool's table has checksums of files. */
  isAppliedText?: ChecksumTest;
}

export interface SourceReading {
  /** In the order in which the tool runs them. */
  migrations: SourceMigration[];
  /** Why the folder cannot be imported. */
  problems: Problem[];
  /** Omitted parts, and parts with another meaning in Kat. */
  warnings: Problem[];
}

/** A folder while it is read; problems are collected to report them together. */
export interface SourceFolder extends Pick<SourceReading, 'problems' | 'warnings'> {
  root: string;
  /** Names of the files and folders in it, in the order of their characters. */
  files: readonly string[];
  folders: readonly string[];
  /** Nothing when the file cannot be read, which is then among the problems. */
  read(path: string): SourceText | undefined;
}

/** The place in its file of the character `index` of a source's text. */
export function locateInSource({ file, line, text }: SourceText, index = 0): SourceLocation {
  const location = locateOffset(file, text, index);
  return { ...location, line: location.line + line - 1 };
}

/** The part from `start` to `end`, without the blank lines around it. */
export function cut(source: SourceText, start: number, end = source.text.length): SourceText {
  const part = source.text.slice(start, end);
  const blank = /^(?:[ \t]*\r?\n)*/.exec(part)?.[0] ?? '';
  const body = part.slice(blank.length).trimEnd();
  const { line } = locateInSource(source, start + blank.length);
  return { file: source.file, line, text: body === '' ? '' : `${body}\n` };
}

/** Whether there is nothing but blanks and `--` comments. */
export function isBlankSql(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:--.*)?$/s.test(line));
}

/** Whether people take the file for SQL; the other tools know only the ending in small letters. */
export function looksLikeSql(file: string): boolean {
  return /\.sql$/i.test(file);
}

/** A down part, unless it is empty. */
export function writtenDown(down: SourceText | undefined): Pick<SourceMigration, 'down'> {
  return down && !isBlankSql(down.text) ? { down } : {};
}

/** Makes each of them the only parent of the next. */
export function chain(migrations: readonly Omit<SourceMigration, 'parents'>[]): SourceMigration[] {
  return migrations.map((migration, index) => {
    const previous = migrations[index - 1];
    return { ...migration, parents: previous ? [previous.key] : [] };
  });
}
