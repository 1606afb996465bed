/** Reads from the first tokens of SQLite's statements which objects they make, change and drop, to name the lines behind findings. */

import { type SqliteStatement, splitSqliteMigration } from '../../../connections/sqlite/split-statements.js';
import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { readDirectives } from '../../../sql/effects/directives.js';
import type { Effect, MigrationEffects } from '../../../sql/effects/effect.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';
import type { ObjectId, ObjectKind } from '../../../sql/syntax/object-id.js';
import { createPlacer } from '../../../sql/syntax/text-places.js';
import { nameOf } from '../../plan/sqlite/statement-names.js';
import { sqliteName } from '../../snapshot/sqlite/canonical-sql.js';

/** What a statement does, without its place. */
type Found = Pick<Effect, 'action' | 'object' | 'to'>;

/** Effects on tables, columns, indexes, views and triggers, and on rows. */
export function readSqliteEffects(text: string): MigrationEffects {
  const placeAt = createPlacer(text);
  const effects = splitSqliteMigration(text).flatMap((statement, index) =>
    findEffects(statement).map((found): Effect => {
      return { ...found, place: placeAt(statement.start), statement: index, when: 'now' };
    }),
  );
  return { effects, opaque: [], catalogQueries: [], directives: readDirectives(text, placeAt) };
}

function findEffects({ head }: SqliteStatement): Found[] {
  const rest = readHead(head);
  const first = rest.word();
  if (first === 'CREATE' || first === 'DROP')
    return createOrDrop(first === 'CREATE' ? 'create' : 'drop', rest);
  if (first === 'ALTER' && rest.word() === 'TABLE') return alterTable(rest);
  const action = rowActions[first];
  if (!action) return [];
  while (
    rest.skip('OR') ||
    rest.skip('INTO') ||
    rest.skip('FROM') ||
    conflictWords.some((word) => rest.skip(word))
  );
  return [{ action, object: objectOf('table', rest.name()) }];
}

const rowActions: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = {
  ...{ INSERT: 'insert', REPLACE: 'insert', UPDATE: 'update', DELETE: 'delete' },
};

const conflictWords = ['ABORT', 'FAIL', 'IGNORE', 'REPLACE', 'ROLLBACK'];

const kinds: Readonly<Record<string, ObjectKind>> = {
  ...{ TABLE: 'table', INDEX: 'index', VIEW: 'view', TRIGGER: 'trigger' },
};

function createOrDrop(action: 'create' | 'drop', rest: Head): Found[] {
  while (['TEMP', 'TEMPORARY', 'UNIQUE', 'VIRTUAL'].some((word) => rest.skip(word)));
  const kind = kinds[rest.word()];
  if (!kind) return [];
  while (['IF', 'NOT', 'EXISTS'].some((word) => rest.skip(word)));
  const name = rest.name();
  if (action === 'drop' || (kind !== 'index' && kind !== 'trigger'))
    return [{ action, object: objectOf(kind, name) }];
  return [{ action, object: objectOf(kind, name, rest.nameBehind('ON')) }];
}

/** A change of a column is one of its table as well: constraints come with columns. */
function alterTable(rest: Head): Found[] {
  const table = rest.name();
  const word = rest.word();
  const whole: Found = { action: 'alter', object: objectOf('table', table) };
  if (word === 'RENAME' && rest.skip('TO')) return [{ ...whole, to: objectOf('table', rest.name()) }];
  rest.skip('COLUMN');
  const column = objectOf('column', rest.name(), table);
  if (word === 'ADD') return [{ action: 'create', object: column }, whole];
  if (word === 'DROP') return [{ action: 'drop', object: column }, whole];
  if (word !== 'RENAME' || !rest.skip('TO')) return [whole];
  return [{ action: 'alter', object: column, to: objectOf('column', rest.name(), table) }, whole];
}

/** Names as `splitIdentifier` reads those of a snapshot. */
function objectOf(kind: ObjectKind, name: string, parent?: string): ObjectId {
  return { kind, name, ...(parent === undefined ? {} : { parent }) };
}

/** The tokens at the beginning of a statement, read one after the other. */
interface Head {
  /** The next word in upper case; empty where another token comes next. */
  word(): string;
  skip(word: string): boolean;
  /** The next name, without its schema. */
  name(): string;
  nameBehind(word: string): string | undefined;
}

function readHead(tokens: readonly SqliteToken[]): Head {
  let at = 0;
  const isWord = (index: number, word: string) =>
    tokens[index]?.kind === 'word' && tokens[index]?.value === word;
  const name = () => {
    if (tokens[at + 1]?.value === '.') at += 2;
    const token = tokens[at++];
    return token ? (splitIdentifier(sqliteName(nameOf(token))).at(-1) ?? '') : '';
  };
  return {
    word: () => {
      const token = tokens[at++];
      return token?.kind === 'word' ? token.value : '';
    },
    skip: (word) => {
      if (!isWord(at, word)) return false;
      at += 1;
      return true;
    },
    name,
    nameBehind: (word) => {
      const found = tokens.findIndex((_, index) => index >= at && isWord(index, word));
      if (found < 0) return undefined;
      at = found + 1;
      return name();
    },
  };
}
