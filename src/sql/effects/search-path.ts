/** Follows the search path through a text. */

import { splitIdentifier } from '../syntax/identifiers.js';
import { literalOf, type NodeOf } from '../syntax/node-of.js';
import type { ReaderContext } from './context.js';

/** The default path of a session; `"$user"` is left out because hardly any database has such a schema. */
const defaultPath: readonly string[] = ['public'];

/** @param names as they were written, quoted or not */
export function setSearchPath(context: ReaderContext, names: readonly string[]): void {
  context.state.path = readPath(names);
}

/** The schemas of a path, without those that every session has. @param names as they were written, quoted or not */
export function readPath(names: readonly string[]): readonly string[] {
  return names
    .map((name) => splitIdentifier(name.trim())[0] ?? '')
    .filter((name) => name !== '' && name !== '$user' && name !== 'pg_catalog');
}

/** The schemas of `SET search_path = …`; undefined when the statement sets something else. */
export function pathOfSet({
  name,
  kind,
  args = [],
}: NodeOf<'VariableSetStmt'>): readonly string[] | undefined {
  if (kind === 'VAR_RESET_ALL') return defaultPath;
  if (name?.toLowerCase() !== 'search_path') return undefined;
  if (kind !== 'VAR_SET_VALUE') return kind === 'VAR_SET_CURRENT' ? undefined : defaultPath;
  const names = args.flatMap((arg) => literalOf(arg) ?? []);
  // `SET search_path = 'a, b'` is one schema with a comma in its name.
  return names.filter((schema) => schema !== '' && schema !== '$user' && schema !== 'pg_catalog');
}
