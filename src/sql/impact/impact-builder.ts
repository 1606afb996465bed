/** Adds up what the parts of a statement cost: the strongest lock on each relation, each table once. */

import { findRelation, keyOfName, type Relation, type Schema } from '../schema/schema.js';
import type { RelationName } from '../syntax/relation-name.js';
import { type Impact, isAtLeastLock, type LockMode } from './impact.js';

/** The input and the output of a prediction. */
export interface ImpactContext {
  /** As it is before the statement. */
  schema: Schema;
  /** The oldest major version of PostgreSQL that the statement may run on. */
  oldestServer: number;
  builder: ImpactBuilder;
}

export interface ImpactBuilder {
  lock(name: RelationName, mode: LockMode): void;
  /** All rows are written anew, where the relation has rows of its own. */
  rewrite(name: RelationName): void;
  /** All rows are read, where the relation has rows of its own. */
  scan(name: RelationName): void;
  /** A query reads it: how, only the server's planner knows. */
  query(name: RelationName): void;
  /** Something happens besides that the statement does not show. */
  hide(): void;
  total(): Impact;
}

/** @param schema tells which relations have no rows of their own */
export function createImpactBuilder(schema: Schema): ImpactBuilder {
  const locks = new Map<string, { relation: RelationName; mode: LockMode }>();
  const [rewrites, scans, queries] = [createSet(), createSet(), createSet()];
  let isWhole = true;
  return {
    lock: (name, mode) => {
      const relation = plain(name);
      const key = keyOfName(relation);
      const held = locks.get(key);
      if (!isPrivate(relation) && !(held && isAtLeastLock(held.mode, mode)))
        locks.set(key, { relation, mode });
    },
    rewrite: (name) => hasRows(schema, name) && rewrites.add(name),
    scan: (name) => hasRows(schema, name) && scans.add(name),
    query: (name) => queries.add(name),
    hide: () => {
      isWhole = false;
    },
    total: () => ({
      locks: [...locks.values()],
      rewrites: rewrites.list(),
      scans: scans.list().filter((name) => !rewrites.has(name)),
      queries: queries.list(),
      isWhole,
    }),
  };
}

function createSet() {
  const names = new Map<string, RelationName>();
  return {
    add: (name: RelationName) => {
      if (!isPrivate(name)) names.set(keyOfName(name), plain(name));
    },
    has: (name: RelationName) => names.has(keyOfName(name)),
    list: () => [...names.values()],
  };
}

function plain({ schema, name }: RelationName): RelationName {
  return { schema, name };
}

/** Temporary tables belong to one session. */
function isPrivate({ schema }: RelationName): boolean {
  return schema === 'pg_temp';
}

const withoutRows: ReadonlySet<Relation['kind']> = new Set(['partitioned table', 'view', 'foreign table']);

function hasRows(schema: Schema, name: RelationName): boolean {
  if (schema.indexOwners.has(keyOfName(name))) return false;
  const known = findRelation(schema, name);
  return !known || !withoutRows.has(known.kind);
}
