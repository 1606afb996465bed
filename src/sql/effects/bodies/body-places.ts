/** Finds the queries of a body in PL/pgSQL in the text of the file. */

import type { PlNode } from '../../syntax/plpgsql-parse.js';
import { indexBytes } from '../../syntax/text-places.js';
import type { ReaderContext } from '../context.js';
import type { Walk } from './body-walk.js';

/** A context with places in the body: the text of a query is unchanged, except that blanks replace INTO. */
export function placedContext(walk: Walk, expression: PlNode, shift: number): ReaderContext {
  const at = locateInBody(walk, expression);
  const base = { ...walk.context, variables: walk.values };
  if (at === undefined) return base;
  const { query = '' } = contentOf(expression) as { query?: string };
  const indexOf = indexBytes(query);
  const { placeAt } = walk.context.state;
  return {
    ...base,
    placeOf: (location) => placeAt(location === undefined ? at : at + indexOf(Math.max(location - shift, 0))),
  };
}

/** The start of a query: a UTF-16 index into the file; undefined if the file does not contain its text. */
export function locateInBody({ body, cursor, context }: Walk, expression: PlNode): number | undefined {
  if (body.offset === undefined || context.isCalled) return undefined;
  const { query = '' } = contentOf(expression) as { query?: string };
  const index = find(body.text, query, cursor.index) ?? findPerform(body.text, query, cursor.index);
  if (index === undefined) return undefined;
  cursor.index = index;
  return body.offset + index;
}

/** Looks for the beginning of a query, up to where INTO was taken out. */
function find(text: string, query: string, from: number): number | undefined {
  const start = /^(?:\S+\s){0,8}?\S*(?=\s{2})|^.*/s.exec(query)?.[0] ?? query;
  const behind = text.indexOf(start, from);
  const index = behind < 0 ? text.indexOf(start) : behind;
  return index < 0 ? undefined : index;
}

/** PERFORM comes back as SELECT (pl_gram.y). */
function findPerform(text: string, query: string, from: number): number | undefined {
  if (!query.startsWith('SELECT')) return undefined;
  const index = find(text, query.slice('SELECT'.length), from);
  return index === undefined ? undefined : index - 'SELECT'.length;
}

/** The content of a node with one key. */
export function contentOf(node: PlNode): PlNode {
  return (Object.values(node)[0] ?? {}) as PlNode;
}
