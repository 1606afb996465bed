/** Shared state of the statement readers: their position, earlier effects of the text, and the list of effects. */

import type { Node } from '@pgsql/types';
import { isSystemSchema } from '../postgres/system-schemas.js';
import type { ObjectId, SourcePosition } from '../syntax/object-id.js';
import type { Parser } from '../syntax/parse.js';
import type { Usage } from './change.js';
import type { CatalogQuery, Effect, Opaque, ValueCast } from './effect.js';
import { nameSpaceOf } from './name-space.js';

/** A function that the text itself defines, kept so that its calls can be followed with their arguments. */
interface LocalFunction {
  parameters: readonly string[];
  /** Reads the body as if it ran here, with what is known of the arguments. */
  run(context: ReaderContext, values: ReadonlyMap<string, Constant>): void;
}

/** The known value of a variable: a text, a list of texts, or nothing. */
export type Constant = string | readonly string[] | undefined;

/** Reads one statement. Bodies and schemas contain statements, so their readers take it from the session. */
type StatementReader = (context: ReaderContext, statement: Node) => void;

/** The effects of one text so far. */
export interface ReaderState {
  readonly parser: Parser;
  readonly readStatement: StatementReader;
  readonly text: string;
  /** From a UTF-16 index of the text to its place. */
  readonly placeAt: (index: number) => SourcePosition;
  readonly effects: Effect[];
  readonly opaque: Opaque[];
  readonly catalogQueries: CatalogQuery[];
  /** The schemas in which names are looked for, in order. */
  path: readonly string[];
  /** Schemas that the text has dropped or renamed: the search path skips them. */
  readonly gone: Set<string>;
  /** Relations of `pg_temp`, which other sessions cannot see. */
  readonly temporary: Set<string>;
  /** Relations, types and functions that the text creates, by their `family:name`, with their schemas. */
  created: Map<string, string>;
  /** Names that PostgreSQL has made so far, so that the next of the same kind gets a number. */
  generated: Set<string>;
  readonly functions: Map<string, LocalFunction>;
  /** Whether bodies of SQL functions are checked when they are created. */
  checksBodies: boolean;
  /** How deeply calls of local functions are nested. */
  depth: number;
}

/** The object that a statement with IF NOT EXISTS or OR REPLACE would create. */
interface Definition {
  text: string;
  isReplacement: boolean;
}

/** The position of a reader. */
export interface ReaderContext {
  readonly state: ReaderState;
  readonly statement: number;
  /** `both` while a definition is read that is checked now and used later. */
  readonly when: 'now' | 'later' | 'both';
  readonly by?: ObjectId;
  readonly isConditional: boolean;
  /** The definition in a statement with IF NOT EXISTS or OR REPLACE. */
  readonly definition?: Definition;
  /** In an ALTER TABLE ONLY. */
  readonly isOnly?: boolean;
  /** In the signature of a function, or in a body between BEGIN ATOMIC and END. */
  readonly isAtomic?: boolean;
  /** Inside a branch of a body, which is conditional, too. */
  readonly isInBranch?: boolean;
  /** While a column is read that is compared with literals: these. */
  readonly literals?: readonly string[];
  /** While a column is read to which an operator is applied that extensions bring, too: its name. */
  readonly operator?: string;
  /** While a column is read whose values become others: these. */
  readonly cast?: ValueCast;
  /** While a column is read of which one field is meant: its name. */
  readonly field?: string;
  /** Inside of a function's body that is read for a call: its places are those of the call. */
  readonly isCalled?: boolean;
  /** Names of variables, parameters and transition tables, which hide columns and tables. */
  readonly variables: ReadonlyMap<string, Constant>;
  /** The types of those parameters of an SQL function that are no builtin ones. */
  readonly rowTypes?: ReadonlyMap<string, ObjectId>;
  /** From a location of the syntax tree to the place in the file; undefined means the statement's. */
  placeOf(location: number | undefined): SourcePosition;
}

type EffectWords = Omit<Effect, 'place' | 'statement' | 'when' | 'by'> & { at?: number | undefined };

/** Starts with nothing but the default search path. */
export function createReaderState(
  start: Pick<ReaderState, 'parser' | 'readStatement' | 'text' | 'placeAt'>,
): ReaderState {
  return {
    ...start,
    effects: [],
    opaque: [],
    catalogQueries: [],
    path: ['public'],
    gone: new Set(),
    temporary: new Set(),
    created: new Map(),
    generated: new Set(),
    functions: new Map(),
    checksBodies: true,
    depth: 0,
  };
}

/** Records an effect, except on temporary and system objects. */
export function emit(context: ReaderContext, { at, ...words }: EffectWords): void {
  const { state, statement, when, by, isConditional, isInBranch, isOnly, isAtomic } = context;
  const { schema } = words.object;
  if (schema !== undefined && isSystemSchema(schema)) return;
  if (words.object.kind === 'schema' && when !== 'later') followSchema(state, words);
  state.effects.push({
    ...words,
    ...(isConditional ? { isConditional } : {}),
    ...(isInBranch ? { isInBranch } : {}),
    ...(isOnly ? { isOnly } : {}),
    ...(isAtomic ? { isAtomic } : {}),
    ...(words.action === 'create' ? definitionOf(context) : {}),
    ...(by ? { by } : {}),
    place: context.placeOf(at),
    statement,
    when,
  });
}

function followSchema({ gone }: ReaderState, { action, object, to }: EffectWords): void {
  if (action === 'drop' || to) gone.add(object.name);
  if (action === 'create') gone.delete(object.name);
  if (to) gone.delete(to.name);
}

function definitionOf({ definition }: ReaderContext): Pick<Effect, 'definition' | 'isReplacement'> {
  if (!definition) return {};
  return { definition: definition.text, ...(definition.isReplacement ? { isReplacement: true } : {}) };
}

/** Writes down a change that was made under the name `object`, and remembers what now exists. */
export function emitCreate(context: ReaderContext, object: ObjectId, words: Partial<EffectWords> = {}): void {
  if (object.schema !== undefined && object.parent === undefined) {
    context.state.created.set(`${nameSpaceOf(object.kind)}:${object.name}`, object.schema);
  }
  emit(context, { ...words, action: 'create', object });
}

/** A shorter way to say that something is needed. */
export function emitUse(context: ReaderContext, object: ObjectId, at?: number, usage?: Usage): void {
  emit(context, { action: 'use', object, at, ...(usage ? { usage } : {}) });
}

/** Notes a part that can't be understood. */
export function emitOpaque(context: ReaderContext, reason: string, at?: number): void {
  const { state, statement, when, by } = context;
  const place = context.placeOf(at);
  state.opaque.push({
    place,
    statement,
    reason,
    when: when === 'later' ? 'later' : 'now',
    ...(by ? { by } : {}),
  });
}

/** The same place, in the definition of an object: what it needs is needed now and whenever the object is used. */
export function contextOfDefinition(context: ReaderContext, by: ObjectId): ReaderContext {
  return { ...context, by, when: context.when === 'later' ? 'later' : 'both' };
}

/** The same place, where only the use of an object needs something: the body of a function that is not checked. */
export function contextOfBody(context: ReaderContext, by: ObjectId): ReaderContext {
  return { ...context, by, when: 'later' };
}

/** The same place, for what happens only when a definition is used: functions run and rows are read then. */
export function contextOfExecution(context: ReaderContext): ReaderContext {
  return context.when === 'both' ? { ...context, when: 'later' } : context;
}

/** Reads what does not happen now, so that it leaves no names behind. */
export function withoutTraces(session: ReaderState, read: () => void): void {
  const { created, generated, path } = session;
  session.created = new Map(created);
  session.generated = new Set(generated);
  read();
  Object.assign(session, { created, generated, path });
}

/** The same place, in a branch that may not be taken. */
export function inBranch(context: ReaderContext): ReaderContext {
  return { ...conditionally(context), isInBranch: true };
}

/** The same place, where what is named may be missing, or there already. */
export function conditionally(context: ReaderContext): ReaderContext {
  return context.isConditional ? context : { ...context, isConditional: true };
}
