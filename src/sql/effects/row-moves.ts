/** Reads whether a migration may move rows or values, so that applying it again does not bring them back. */

import { providersOf } from '../postgres/extensions.js';
import type { Parser } from '../syntax/parse.js';
import type { Effect } from './effect.js';
import { readEffects } from './read-effects.js';
import { keepsComputed, readValueMoves, type ValueMoves } from './value-moves.js';

/** What one migration does with rows that were there before it. */
export interface RowMoves {
  /** It reads rows of a table while it runs, as INSERT … SELECT and UPDATE … FROM do. */
  readsRows: boolean;
  /** The same, without the rows that an UPDATE changes itself. */
  readsOtherRows: boolean;
  /** It deletes rows, or drops a table or column. */
  takesAway: boolean;
  /** Names of the tables and columns that it drops; undefined where it may also delete rows or drop others. */
  takes: readonly string[] | undefined;
  /** Which values it copies and overwrites. */
  values: ValueMoves;
  /** Names of the tables and columns that it makes; undefined where code that cannot be read may make others. */
  makes: ReadonlySet<string> | undefined;
  /** The tables that it makes for certain. */
  tables: readonly CreatedTable[];
  /** Of each UPDATE: the columns that get the same value in each row that it changes. */
  updates: readonly (readonly string[])[];
}

/** By its possible schemas, in search path order, and its name. */
export interface CreatedTable {
  schemas: readonly string[];
  names: readonly [string];
}

/** Code that cannot be read counts as moving rows if it has a word that takes them away. */
export function readRowMoves(parser: Parser, text: string): RowMoves {
  const { effects, opaque } = readEffects(parser, text);
  const now = effects.filter(({ when, isImplicit }) => when !== 'later' && !isImplicit);
  const mayTake = opaque.length > 0 && /\b(?:drop|delete|truncate)\b/i.test(text);
  const read = now.filter((effect) => now.some((other) => isReadFor(effect, other)));
  const isCopy = mayTake || now.some(keepsComputed) || readsByText.test(text);
  return {
    readsRows: isCopy || read.length > 0,
    readsOtherRows: isCopy || read.some(({ rowAccess }) => rowAccess !== 'own rows'),
    takesAway: mayTake || now.some(takesRows),
    takes: mayTake ? undefined : takenBy(now.filter(takesRows)),
    values: readValueMoves(now),
    makes:
      opaque.length > 0
        ? undefined
        : new Set(now.filter(({ action }) => action === 'create').map(({ object }) => object.name)),
    tables: now.flatMap(({ action, object, isConditional }) => {
      const { kind, path, schema, name } = object;
      if (action !== 'create' || kind !== 'table' || isConditional) return [];
      return [{ schemas: path ?? (schema === undefined ? [] : [schema]), names: [name] as const }];
    }),
    updates: now
      .filter(({ action, object }) => action === 'update' && object.kind !== 'sequence')
      .map(({ constants = [] }) => constants),
  };
}

/** PostgreSQL's functions that read tables which a text names. */
const readsByText = /\b(?:table|query|cursor|schema|database)_to_xml/i;

/** Whether what it reads, or a function of the database's own may have read, can be in rows that the same statement writes. */
function isReadFor(effect: Effect, other: Effect): boolean {
  if (!writesBeside(effect, other)) return false;
  if (effect.action !== 'call') return effect.action === 'read';
  return !other.isCertain && providersOf(effect.object.name).length === 0;
}

/** Constraints and indexes read, too; a materialized view can be filled again. */
function writesBeside({ statement }: Effect, other: Effect): boolean {
  const isWrite = other.action === 'insert' || other.action === 'update';
  return isWrite && other.statement === statement && other.object.kind !== 'materialized view';
}

function takenBy(effects: readonly Effect[]): string[] | undefined {
  const isByName = ({ action, object, isCascade }: Effect) =>
    action === 'drop' && !isCascade && object.kind !== 'schema';
  return effects.every(isByName) ? effects.map(({ object }) => object.name) : undefined;
}

const withRows: ReadonlySet<string> = new Set(['table', 'relation', 'column', 'schema', 'materialized view']);

function takesRows({ action, object, rowAccess, isCascade }: Effect): boolean {
  const isDrop = action === 'drop' && (isCascade || withRows.has(object.kind));
  return action === 'delete' || rowAccess === 'truncation' || isDrop;
}
