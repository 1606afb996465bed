/** Reads the types of the variables of a body in PL/pgSQL. */

import { isBuiltinType } from '../../postgres/builtin-names.js';
import { splitIdentifier } from '../../syntax/identifiers.js';
import { partOf } from '../../syntax/object-names.js';
import { emitUse, type ReaderContext } from '../context.js';
import { isBuiltin } from '../expressions/type-names.js';
import { usedName } from '../resolve-names.js';
import type { Walk } from './body-walk.js';

/**
 * The types of variables must be there when the function is created, if bodies are checked at all: PL/pgSQL's validator
 * looks them up, and nothing else.
 */
function declaring({ state, when, by, ...context }: ReaderContext): ReaderContext {
  const isChecked = when === 'later' && by !== undefined && state.checksBodies;
  return { ...context, state, ...(by ? { by } : {}), when: isChecked ? 'both' : when };
}

/** `users.id%TYPE` and `users%ROWTYPE` need the table. */
export function readTypeReferences({ context, body }: Walk): void {
  const inner = declaring(context);
  for (const match of body.text.matchAll(/([\w$."]{1,130})\s{0,9}%\s{0,9}(row)?type\b/gi)) {
    const parts = splitIdentifier(match[1] as string);
    if (match[2]) emitUse(inner, usedName(inner, 'relation', parts));
    else if (parts.length > 1) {
      const relation = usedName(inner, 'relation', parts.slice(0, -1));
      emitUse(inner, partOf(relation, 'column', parts.at(-1) ?? ''));
    }
  }
}

/** Types that the grammar spells otherwise than the catalog. */
const spelledTypes: ReadonlySet<string> = new Set(
  'integer int smallint bigint boolean real decimal dec character double national nchar float bit setof record'.split(
    ' ',
  ),
);

/** The type of one variable, as it was written. */
export function readDeclaredType({ context }: Walk, type: string): void {
  const written = /^[\w$."]+(?!\s*%)/.exec(type)?.[0] ?? '';
  const parts = splitIdentifier(written);
  const isKnown = (name: string) => spelledTypes.has(name) || isBuiltinType(name);
  if (parts.length === 0 || type.includes('%') || isBuiltin(context, 'type', parts, isKnown)) return;
  const inner = declaring(context);
  emitUse(inner, usedName(inner, 'type', parts));
}
