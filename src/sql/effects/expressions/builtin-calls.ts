/** Functions of PostgreSQL's own that take the names of objects as texts, or change how names are found. */

import { splitIdentifier } from '../../syntax/identifiers.js';
import { literalOf, type NodeOf } from '../../syntax/node-of.js';
import { partOf } from '../../syntax/object-names.js';
import { contextOfExecution, emit, emitOpaque, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { usedName } from '../resolve-names.js';
import { setSearchPath } from '../search-path.js';

type Call = NodeOf<'FuncCall'>;

const readers: Readonly<Record<string, (context: ReaderContext, call: Call) => void>> = {
  set_config: readSetConfig,
  nextval: (context, call) => useSequence(context, call, { action: 'update' }),
  setval: (context, call) => useSequence(context, call, { action: 'update', rowAccess: 'restart' }),
  currval: (context, call) => useSequence(context, call, { action: 'read' }),
  to_regclass: (context, call) => useNamed(context, call, 'relation'),
  to_regtype: (context, call) => useNamed(context, call, 'type'),
  to_regproc: (context, call) => useNamed(context, call, 'function'),
  to_regprocedure: (context, call) => useNamed(context, call, 'function'),
  pg_get_serial_sequence: readSerialSequence,
  ts_lexize: (context, call) => useSearchObject(context, call, 'text search dictionary'),
  query_to_xml: (context, call) =>
    emitOpaque(contextOfExecution(context), 'a query in a text', call.location),
};

/** Functions whose first argument is a configuration of text search, if there are more than one. */
const searching: ReadonlySet<string> = new Set([
  'to_tsvector',
  'to_tsquery',
  'plainto_tsquery',
  'phraseto_tsquery',
  'websearch_to_tsquery',
  'ts_headline',
  'ts_debug',
  'json_to_tsvector',
  'jsonb_to_tsvector',
]);

/** Reads what a call of a builtin function means beyond its arguments. */
export function readBuiltinCall(context: ReaderContext, name: string, call: Call): void {
  readers[name]?.(context, call);
  if (searching.has(name) && (call.args ?? []).length > 1)
    useSearchObject(context, call, 'text search configuration');
}

/** `to_tsvector('app.german', body)` needs the configuration of that name. */
function useSearchObject(
  context: ReaderContext,
  { args = [], location }: Call,
  kind: 'text search configuration' | 'text search dictionary',
): void {
  const literal = literalOf(args[0]);
  if (literal !== undefined) emitUse(context, usedName(context, kind, splitIdentifier(literal)), location);
}

function readSetConfig(context: ReaderContext, { args = [] }: Call): void {
  const value = literalOf(args[1]);
  if (literalOf(args[0])?.toLowerCase() !== 'search_path' || value === undefined) return;
  if (context.when === 'now') setSearchPath(context, value.split(','));
}

/** The value of a sequence is like the rows of a table. */
function useSequence(
  context: ReaderContext,
  { args = [], location }: Call,
  { action, rowAccess }: Pick<Effect, 'action' | 'rowAccess'>,
): void {
  const literal = literalOf(args[0]);
  if (literal === undefined) return;
  const sequence = usedName(context, 'sequence', splitIdentifier(literal));
  emitUse(context, sequence, location);
  emit(contextOfExecution(context), {
    action,
    object: sequence,
    at: location,
    ...(rowAccess ? { rowAccess } : {}),
  });
}

/** These answer NULL where the object is missing. */
function useNamed(
  context: ReaderContext,
  { args = [], location }: Call,
  kind: 'relation' | 'type' | 'function',
): void {
  const literal = literalOf(args[0]);
  if (literal === undefined) return;
  const object = usedName(context, kind, splitIdentifier(literal));
  emit(context, { action: 'use', object, at: location, isGuess: true });
}

function readSerialSequence(context: ReaderContext, { args = [], location }: Call): void {
  const table = literalOf(args[0]);
  const column = literalOf(args[1]);
  if (table === undefined || column === undefined) return;
  const relation = usedName(context, 'relation', splitIdentifier(table));
  emitUse(context, partOf(relation, 'column', column), location);
}
