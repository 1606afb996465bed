/** Notes what each column of a history is, as far as it decides which values are equal, and what rows get that give it none. */

import type { Node } from '@pgsql/types';
import { present } from '../../present.js';
import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect, StatementSettings } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { serialTypes } from '../postgres/serial-types.js';
import { literalOf } from '../syntax/node-of.js';

/** What is known of one column. */
export interface ColumnFacts {
  /** As the history writes it. */
  type?: string;
  /** Its sequence gives numbers to rows that have none. */
  isNumbered?: boolean;
  /** The literal that rows get that give no value. */
  value?: string;
}

/** By the key of the table, then by the name of the column. */
export type FactsByTable = Map<string, Map<string, ColumnFacts>>;

/** Notes what one effect says of a column. */
export function noteColumnFacts({ action, object, sets, parts, to }: Effect, known: FactsByTable): void {
  const owner = object.kind === 'column' ? ownerKey(object) : undefined;
  if (owner === undefined) return;
  const columns = known.get(owner) ?? new Map<string, ColumnFacts>();
  const facts = columns.get(object.name) ?? {};
  known.set(owner, columns);
  if (to?.kind === 'column') columns.set(to.name, facts);
  else if (action === 'create') columns.set(object.name, factsIn(sets ?? {}, parts?.defaultValue));
  else if (action === 'alter' && sets) columns.set(object.name, { ...facts, ...changedFacts(sets) });
}

/** A table keeps its columns under another name. */
export function moveColumnFacts(object: Effect['object'], to: Effect['object'], known: FactsByTable): void {
  const columns = known.get(keyOf(object));
  if (columns) known.set(keyOf(to), new Map(columns));
}

function factsIn(sets: StatementSettings, value: string | undefined): ColumnFacts {
  const type = sets['type name'];
  const isNumbered = serialTypes.has(type ?? '') || isIdentity(sets) || undefined;
  return present({ type, isNumbered, value });
}

function changedFacts(sets: StatementSettings): ColumnFacts {
  const { default: text, 'type name': type } = sets;
  if (text === undefined) return present({ type, isNumbered: isIdentity(sets) || undefined });
  return {
    ...present({ type, value: text === '' ? undefined : literalOf(JSON.parse(text) as Node) }),
    isNumbered: text.includes('"nextval"'),
  };
}

function isIdentity({ identity = 'none' }: StatementSettings): boolean {
  return identity !== 'none';
}
