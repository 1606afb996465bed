/** Finds which migrations created, changed and dropped an object. */

import { KatError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { listIds, suggestIds } from '../../graph/list-ids.js';
import { loadMigrations } from '../../project/folder/load.js';
import { entriesOf } from '../../sql/blame/entries.js';
import { findByName, suggestNames } from '../../sql/blame/find-by-name.js';
import { type FollowedHistory, followObjects } from '../../sql/blame/follow-objects.js';
import type { TrackedObject } from '../../sql/blame/tracked-objects.js';
import { displayName } from '../../sql/dependencies/keys.js';
import { splitIdentifier } from '../../sql/syntax/identifiers.js';
import { loadParser } from '../../sql/syntax/parse.js';
import { type ReadMigration, readSql } from '../deps/read-sql.js';
import { addCommits } from './add-commits.js';
import type { BlamedObject, BlamedStatement, BlameResult, UnreadSql } from './result.js';
import { createStatementReader, type ReadStatement } from './statement-text.js';

/**
 * Reads the folder and asks git; needs no database.
 * @param name a table, `table.column`, or any other object, with or without its schema.
 * @throws KatError USAGE for a name that no migration creates or changes; FILES_INVALID, GRAPH_INVALID.
 */
export async function blameObject(directory: string, name: string): Promise<BlameResult> {
  const { history, followed, found } = await findObjects(directory, name);
  const readStatement = createStatementReader(await loadParser(), history);
  const objects = found.map((record) => describe(record, history, readStatement));
  const names = found.flatMap(({ object, formerly }) => [object, ...formerly].map((one) => one.name));
  return { ...(await addCommits(objects)), unread: unreadBy(history, followed, names) };
}

/**
 * The ids of the migrations that created, changed or dropped an object, without asking git.
 * @throws KatError as `blameObject` does.
 */
export async function findChangers(directory: string, name: string): Promise<Set<string>> {
  const { history, found } = await findObjects(directory, name);
  const entries = found.flatMap(entriesOf);
  return new Set(entries.map(({ migration }) => (history[migration] as ReadMigration).id));
}

async function findObjects(directory: string, name: string) {
  const graph = buildGraph(await loadMigrations(directory));
  const history = await readSql(graph);
  const followed = followObjects(history);
  const found = findByName(followed.tracked, name);
  if (found.length === 0) throw unknownObject(name, history, followed);
  return { history, followed, found };
}

function describe(
  record: TrackedObject,
  history: readonly ReadMigration[],
  readStatement: ReadStatement,
): BlamedObject {
  const { object, formerly, isDropped } = record;
  const name = displayName(object);
  const formerNames = [...new Set(formerly.map(displayName))].filter((former) => former !== name);
  const statements = entriesOf(record).map(({ migration, statement, place, ...entry }): BlamedStatement => {
    const read = history[migration] as ReadMigration;
    const text = readStatement(migration, statement);
    return { migration: read.id, location: read.locate(place), statement: text, ...entry };
  });
  return { kind: object.kind, name, formerNames, isDropped, statements };
}

function unreadBy(
  history: readonly ReadMigration[],
  { unread }: FollowedHistory,
  names: readonly string[],
): UnreadSql[] {
  return unread.map(({ migration, place, reason }) => {
    const { id, text, locate } = history[migration] as ReadMigration;
    const words = new Set(wordsIn(text));
    const isNamed = names.some((name) => wordsIn(name).every((word) => words.has(word)));
    return { migration: id, reason, location: locate(place), isNamed };
  });
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
}

function unknownObject(name: string, history: readonly ReadMigration[], followed: FollowedHistory): KatError {
  const similar = suggestNames(followed.tracked, name);
  const last = splitIdentifier(name).at(-1) ?? name;
  const unread = unreadBy(history, followed, [last]).filter(({ isNamed }) => isNamed);
  const hidden = listIds([...new Set(unread.map(({ migration }) => migration))]);
  return new KatError('USAGE', `no migration creates or changes ${JSON.stringify(name)}`, {
    help: [
      suggestIds(similar, 'Write the name as SQL has it, such as `users`, `users.email` or `app.users`.'),
      ...(hidden === '' ? [] : [`Kat cannot read all SQL of ${hidden}, which contains the name.`]),
    ].join(' '),
  });
}
