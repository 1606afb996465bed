/** Keeps the names of indexes and constraints that a partition has along with its table, where PostgreSQL would make others. */

import { chooseName } from '../postgres/chosen-names.js';
import { quoteAsNeeded } from '../postgres/quote-as-needed.js';
import type { SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { createIndex } from './create-relations.js';
import { constraintText } from './tables.js';
import { ownerName, unquoted } from './words.js';

/** When the statements run, beside those that create the part of the table. */
export interface OwnName {
  statements: string[];
  /** The table takes over what the partition has (DefineIndex, tryAttachPartitionForeignKey). Behind it, the part has a made name. */
  isBefore: boolean;
}

/**
 * @param isMade whether the table, or another one above it, has a part of the same name, which the partition gets along with it
 * @returns undefined where nothing needs to be done
 */
export function keepOwnName(part: SnapshotObject, { isMade }: { isMade: boolean }): OwnName | undefined {
  if (part.kind === 'index')
    return hasMadeName(part) ? undefined : { statements: createIndex(part), isBefore: true };
  if (part.kind !== 'constraint') return undefined;
  const { definition = '' } = part.definition;
  const alter = `ALTER TABLE ${ownerName(part)}`;
  if (definition.startsWith('FOREIGN KEY'))
    return isMade ? undefined : { statements: [`${alter} ADD ${constraintText(part)}`], isBefore: true };
  const made = madeKeyName(part);
  if (made === undefined || made === unquoted(part.name)) return undefined;
  return {
    statements: [`${alter} RENAME CONSTRAINT ${quoteAsNeeded(made)} TO ${part.name}`],
    isBefore: false,
  };
}

const labels: Readonly<Record<string, string>> = { 'PRIMARY KEY': 'pkey', UNIQUE: 'key' };

/** Undefined for a constraint that is no key. */
function madeKeyName({ of = '', definition: { definition = '' } }: SnapshotObject): string | undefined {
  const [, type = '', list = ''] =
    /^(PRIMARY KEY|UNIQUE)(?: NULLS NOT DISTINCT)? \(([^()]*)\)/.exec(definition) ?? [];
  const label = labels[type];
  if (label === undefined) return undefined;
  return chooseName({ table: unquoted(of), columns: splitList(list).map(unquoted), label }, () => false);
}

/** Of expressions it is not known: such an index is written, which does no harm. */
function hasMadeName({ of = '', name, definition: { definition = '' } }: SnapshotObject): boolean {
  const list = / USING \w+ \(([^()]*)\)(?: INCLUDE \(([^()]*)\))?/.exec(definition);
  if (!list) return false;
  const columns = [list[1], list[2]]
    .flatMap((text) => splitList(text))
    .map((one) => unquoted(firstWord.exec(one)?.[0] ?? ''));
  return unquoted(name) === chooseName({ table: unquoted(of), columns, label: 'idx' }, () => false);
}

/** A name in front of a collation, an operator class or an order. */
const firstWord = /^(?:"(?:[^"]|"")*"|\S+)/;
