/** Reads a migration's effects from its syntax tree: objects created, altered, dropped and needed. */

import { type Parser, type Statement, tryParse } from '../syntax/parse.js';
import { createPlacer, indexBytes } from '../syntax/text-places.js';
import { createReaderState, type ReaderContext, type ReaderState } from './context.js';
import { readDirectives } from './directives.js';
import { type MigrationEffects, notSql } from './effect.js';
import { matchGrants } from './match-grants.js';
import { readStatement } from './statements/statements.js';

/**
 * @param text the up or down SQL of one migration, at most `maxParsedBytes` long
 * @param parsed its statements, where somebody has parsed it already
 * @returns all that the text does, in its order. A text that is not SQL is opaque as a whole.
 */
export function readEffects(parser: Parser, text: string, parsed?: readonly Statement[]): MigrationEffects {
  const placeAt = createPlacer(text);
  const state = createReaderState({ parser, readStatement, text, placeAt });
  const indexOf = indexBytes(text);
  const statements = parsed ?? tryParse(parser, text);
  if (!statements) {
    state.opaque.push({ place: placeAt(0), statement: 0, reason: notSql, when: 'now' });
  }
  statements?.forEach((statement, index) => {
    readStatement(contextOf(state, index, { statement, indexOf }), statement.node);
  });
  const { effects, opaque, catalogQueries } = state;
  return { effects: matchGrants(effects), opaque, catalogQueries, directives: readDirectives(text, placeAt) };
}

function contextOf(
  state: ReaderState,
  index: number,
  { statement, indexOf }: { statement: Statement; indexOf: (byte: number) => number },
): ReaderContext {
  const start = state.placeAt(statement.start);
  return {
    state,
    statement: index,
    when: 'now',
    isConditional: false,
    variables: new Map(),
    placeOf: (location) => (location === undefined ? start : state.placeAt(indexOf(location))),
  };
}
