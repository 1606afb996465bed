/** Reads what the up.sql of every migration does, for `kat deps` and `kat check`. The parser is loaded only here. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceLocation } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { wholeFile } from '../../project/source-text.js';
import { cutLine } from '../../source-line.js';
import type { Dependencies } from '../../sql/dependencies/infer.js';
import type { MigrationEffects } from '../../sql/effects/effect.js';
import type { SourcePosition } from '../../sql/syntax/object-id.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { touchesSql } from './touches-sql.js';

/** A migration with what its up.sql does. */
export interface ReadMigration {
  id: string;
  /** Its up.sql; of a program, SQL that says what its metadata does, or nothing; empty where it is too long to be parsed. */
  text: string;
  effects: MigrationEffects;
  /** Converts an offset into a place in the file. */
  locate(place: SourcePosition): SourceLocation;
}

/** A history whose SQL was read, in the order of the graph. */
export interface ReadHistory {
  migrations: readonly ReadMigration[];
  /** The certain needs. */
  precise: readonly Dependencies[];
  /** The certain and the possible needs. */
  conservative: readonly Dependencies[];
  /** The key of an object; the same for all that exclude each other. */
  keyOf: typeof import('../../sql/effects/object-key.js').keyOf;
}

const migrationsATurn = 32;

/** @throws KatError FILES_INVALID when a file cannot be read. What is no SQL is opaque. */
export async function readEffectsHistory(graph: Graph): Promise<ReadHistory> {
  const [migrations, { inferDependencies }, { keyOf }] = await Promise.all([
    readSql(graph),
    import('../../sql/dependencies/infer.js'),
    import('../../sql/effects/object-key.js'),
  ]);
  return {
    migrations,
    precise: inferDependencies(migrations, { isConservative: false }),
    conservative: inferDependencies(migrations, { isConservative: true }),
    keyOf,
  };
}

/**
 * @param others texts of up.sql that are not on the disk, by id.
 * @param onParsed is shown each migration with its statements, none where it is no SQL, before the next one is read.
 * @returns every migration of the graph, in its order.
 * @throws KatError FILES_INVALID when a file cannot be read. What is no SQL is opaque.
 */
export async function readSql(
  graph: Graph,
  others: ReadonlyMap<string, string> = new Map(),
  onParsed: (migration: ReadMigration, statements: readonly Statement[]) => void = () => undefined,
): Promise<ReadMigration[]> {
  const [{ readEffects }, { loadParser, maxParsedBytes, tryParse }] = await Promise.all([
    import('../../sql/effects/read-effects.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser();
  const migrations: ReadMigration[] = [];
  for (const migration of graph.migrations) {
    if (migrations.length % migrationsATurn === migrationsATurn - 1) await nextTurn();
    const text = findText(migration, others.get(migration.id), maxParsedBytes);
    const statements = text === undefined ? undefined : tryParse(parser, text);
    const read = readMigration(migration, text, (found) => readEffects(parser, found, statements));
    onParsed(read, statements ?? []);
    migrations.push(read);
  }
  return migrations;
}

/** @returns undefined for a program that does not say what it touches, and for what is too long to be parsed. */
function findText(
  { files, touches }: Migration,
  other: string | undefined,
  maxBytes: number,
): string | undefined {
  if (isProgram(files.up)) return touches && touchesSql(touches);
  if (other !== undefined) return Buffer.byteLength(other) > maxBytes ? undefined : other;
  return checksumIfLonger(files.up, maxBytes) === undefined ? readSqlFile(files.up) : undefined;
}

function readMigration(
  { id, files }: Migration,
  found: string | undefined,
  read: (text: string) => MigrationEffects,
): ReadMigration {
  const file = files.up;
  const text = found ?? '';
  return {
    id,
    text,
    effects:
      found === undefined
        ? unreadable(isProgram(file) ? 'a program' : 'a file that is too long to parse')
        : read(text),
    locate: ({ line, column }) => {
      if (isProgram(file)) return wholeFile(file);
      const content = text.split(/\r?\n/, line)[line - 1] ?? '';
      return { file, line, column, ...cutLine(content, { start: 0, end: content.length }, column - 1) };
    },
  };
}

function unreadable(reason: string): MigrationEffects {
  return {
    effects: [],
    opaque: [{ place: { start: 0, line: 1, column: 1 }, statement: 0, reason, when: 'now' }],
    catalogQueries: [],
    directives: [],
  };
}
