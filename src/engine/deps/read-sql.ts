/** Reads what the up.sql of every migration does, for `kat deps`. The parser is loaded only here. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceLocation } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { readSqlFile } from '../../project/load.js';
import { checksumIfLonger } from '../../project/long-file.js';
import type { Dependencies } from '../../sql/dependencies/infer.js';
import type { MigrationEffects, Place } from '../../sql/effects/effect.js';

/** A migration with what its up.sql does. */
interface ReadMigration {
  id: string;
  effects: MigrationEffects;
  /** Where in the file a place is. */
  locate(place: Place): SourceLocation;
}

/** A history whose SQL was read, in the order of the graph. */
export interface ReadHistory {
  migrations: readonly ReadMigration[];
  /** What is sure. */
  precise: readonly Dependencies[];
  /** What may be, too. */
  conservative: readonly Dependencies[];
  /** The key of an object; the same for all that exclude each other. */
  keyOf: typeof import('../../sql/effects/object-key.js').keyOf;
}

const migrationsATurn = 32;

/** @throws KatError FILES_INVALID when a file cannot be read. What is no SQL is opaque. */
export async function readHistory(graph: Graph): Promise<ReadHistory> {
  const [{ readEffects }, { inferDependencies }, { keyOf }, { loadParser, maxParsedBytes }] =
    await Promise.all([
      import('../../sql/effects/read-effects.js'),
      import('../../sql/dependencies/infer.js'),
      import('../../sql/effects/object-key.js'),
      import('../../sql/parse.js'),
    ]);
  const parser = await loadParser();
  const migrations: ReadMigration[] = [];
  for (const migration of graph.migrations) {
    if (migrations.length % migrationsATurn === migrationsATurn - 1) await nextTurn();
    migrations.push(readMigration(migration, maxParsedBytes, (text) => readEffects(parser, text)));
  }
  return {
    migrations,
    precise: inferDependencies(migrations, { isConservative: false }),
    conservative: inferDependencies(migrations, { isConservative: true }),
    keyOf,
  };
}

function readMigration(
  { id, files }: Migration,
  maxBytes: number,
  read: (text: string) => MigrationEffects,
): ReadMigration {
  const file = files.up;
  const isLong = checksumIfLonger(file, maxBytes) !== undefined;
  const text = isLong ? '' : readSqlFile(file);
  const lines = text.split(/\r?\n/);
  return {
    id,
    effects: isLong ? tooLong : read(text),
    locate: ({ line, column }) => ({ file, line, column, sourceLine: lines[line - 1] ?? '' }),
  };
}

const tooLong: MigrationEffects = {
  effects: [],
  opaque: [
    {
      place: { start: 0, line: 1, column: 1 },
      statement: 0,
      reason: 'a file that is too long to be parsed',
      when: 'now',
    },
  ],
  catalogQueries: [],
  directives: [],
};
