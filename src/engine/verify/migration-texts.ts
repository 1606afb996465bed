/** Reads what both files of a migration do, to name the lines behind findings. */

import { existsSync } from 'node:fs';
import { splitSqliteMigration } from '../../connections/sqlite/split-statements.js';
import type { SourceLocation } from '../../errors.js';
import { type Direction, isProgram, type Migration } from '../../graph/migration.js';
import { findSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { wholeFile } from '../../project/source-text.js';
import { cutLine } from '../../source-line.js';
import type { Effect, MigrationEffects } from '../../sql/effects/effect.js';
import { parseIgnoredCodes } from '../../sql/effects/ignored-codes.js';
import { readEffects } from '../../sql/effects/read-effects.js';
import { loadParser, maxParsedBytes, tryParse } from '../../sql/syntax/parse.js';
import { describeClusterChange, mayChangeCluster } from '../throwaway/cluster-changes.js';
import { readSqliteEffects } from './sqlite/read-sqlite-effects.js';

/** A migration's SQL, read. */
export interface MigrationTexts {
  up: MigrationEffects;
  down: MigrationEffects;
  /** Whether there is a down.sql with statements: one without says that nothing brings the schema back. */
  hasDown: boolean;
  /** Codes that `-- kat:ignore` accepts in either file. */
  ignored: ReadonlySet<string>;
  /** The line of the effect; the whole file without one. */
  locate(direction: Direction, effect: Effect | undefined): SourceLocation;
}

const nothing: MigrationEffects = { effects: [], opaque: [], catalogQueries: [], directives: [] };

/** How files are read. */
export interface TextDialect {
  isSqlite: boolean;
}

/** @throws KatError FILES_INVALID when a file cannot be read. */
export async function readMigrationTexts(
  { files }: Migration,
  { isSqlite }: TextDialect,
): Promise<MigrationTexts> {
  const { readEffectsOf, hasStatements } = isSqlite ? sqliteReader : await loadPostgresReader();
  const texts = { up: readText(files.up), down: readText(files.down) };
  const [up, down] = [texts.up, texts.down].map((text) =>
    text === undefined ? nothing : readEffectsOf(text),
  ) as [MigrationEffects, MigrationEffects];
  const directives = [...up.directives, ...down.directives].filter(({ word }) => word === 'ignore');
  return {
    up,
    down,
    hasDown:
      (isProgram(files.down) && existsSync(files.down)) ||
      (texts.down !== undefined && hasStatements(texts.down)),
    ignored: new Set(directives.flatMap(({ value }) => parseIgnoredCodes(value).codes)),
    locate: (direction, effect) => locateEffect(files[direction], texts[direction], effect),
  };
}

/** @returns what these files change that all databases of a PostgreSQL server share. @throws KatError FILES_INVALID when one cannot be read. */
export async function readClusterChange(
  { files }: Migration,
  directions: readonly Direction[],
): Promise<string | undefined> {
  const texts = directions.map((direction) => readText(files[direction]) ?? '').filter(mayChangeCluster);
  if (texts.length === 0) return undefined;
  const { readEffectsOf } = await loadPostgresReader();
  return describeClusterChange(texts.map(readEffectsOf));
}

/** @returns an empty text for a program and a file that is too long to be parsed, undefined where there is none. */
function readText(file: string): string | undefined {
  const isRead = !isProgram(file) && checksumIfLonger(file, maxParsedBytes) === undefined;
  return isRead ? findSqlFile(file) : '';
}

interface TextReader {
  readEffectsOf(text: string): MigrationEffects;
  hasStatements(text: string): boolean;
}

const sqliteReader: TextReader = {
  readEffectsOf: readSqliteEffects,
  hasStatements: (text) => splitSqliteMigration(text).length > 0,
};

async function loadPostgresReader(): Promise<TextReader> {
  const parser = await loadParser();
  return {
    readEffectsOf: (text) => readEffects(parser, text),
    hasStatements: (text) => tryParse(parser, text)?.length !== 0,
  };
}

function locateEffect(file: string, text: string | undefined, effect: Effect | undefined): SourceLocation {
  if (!effect || text === undefined) return wholeFile(file);
  const { line, column } = effect.place;
  const content = text.split(/\r?\n/)[line - 1] ?? '';
  return { file, line, column, ...cutLine(content, { start: 0, end: content.length }, column - 1) };
}
