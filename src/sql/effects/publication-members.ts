/** Reads back from the settings of ALTER PUBLICATION which members a publication gets and loses. */

import type { Node } from '@pgsql/types';
import { nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { everyProperty, type StatementSettings } from './effect.js';

/** A table, or all tables of a schema. */
export interface PublicationMember {
  /** The name of the table, without its schema; undefined for a schema. */
  table: string | undefined;
  /** The columns that subscribers get; empty for all. */
  columns: readonly string[];
}

/** What one ALTER PUBLICATION does to the members. */
export interface MemberChange {
  verb: 'add' | 'set' | 'drop';
  members: readonly PublicationMember[];
}

/** @returns undefined if the settings are not about members. */
export function memberChangeOf(sets: StatementSettings = {}): MemberChange | undefined {
  const whole = sets[everyProperty];
  if (whole !== undefined) return { verb: 'set', members: membersIn(whole) };
  const named = Object.keys(sets).filter((name) => name.startsWith(prefix));
  const [first] = named;
  if (first === undefined) return undefined;
  const members = named.flatMap((name) => membersIn(`[${name.slice(prefix.length)}]`));
  return { verb: sets[first] === 'AP_DropObjects' ? 'drop' : 'add', members };
}

const prefix = 'member ';

function membersIn(text: string): PublicationMember[] {
  const nodes = JSON.parse(text || '[]') as readonly Node[];
  return nodesOf(nodes, 'PublicationObjSpec').map(({ pubtable }) => ({
    table: pubtable?.relation?.relname,
    columns: namePartsOf(pubtable?.columns),
  }));
}
