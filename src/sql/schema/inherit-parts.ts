/** Adds to a new table the parts that it copies from others: PARTITION OF, INHERITS and LIKE. */

import type { CreateStmt, TableLikeClause } from '@pgsql/types';
import { chooseName } from '../postgres/chosen-names.js';
import { nodesOf } from '../syntax/node-of.js';
import { addIndex } from './indexes.js';
import {
  type Constraint,
  findRelation,
  type Index,
  type Relation,
  resolveRange,
  type Schema,
} from './schema.js';
import { sharedSequence } from './serial-sequences.js';
import { isTakenBeside } from './taken-names.js';

/** @returns whether everything that it takes over is known. */
export function inheritParts(schema: Schema, table: Relation, create: CreateStmt): boolean {
  table.parents = nodesOf(create.inhRelations, 'RangeVar').map((range) => resolveRange(schema, range));
  const isPartition = create.partbound !== undefined;
  const parents = table.parents.map((name) => findRelation(schema, name));
  for (const parent of parents) {
    if (parent) copyParts(schema, table, parent, isPartition ? partitionParts : inheritedParts);
  }
  const likes = nodesOf(create.tableElts, 'TableLikeClause').map((like) => copyLike(schema, table, like));
  return parents.every((parent) => parent?.isWhole) && likes.every((isWhole) => isWhole);
}

/** The parts copied along with the columns. */
interface CopiedParts {
  /** Whether they stay those of the source. */
  isInherited: boolean;
  defaults: boolean;
  identity: boolean;
  generated: boolean;
  constraints: readonly Constraint['kind'][];
  indexes: boolean;
}

const partitionParts: CopiedParts = {
  isInherited: true,
  defaults: true,
  identity: true,
  generated: true,
  constraints: ['check', 'not null', 'foreign key'],
  indexes: true,
};

const inheritedParts: CopiedParts = {
  isInherited: true,
  defaults: true,
  identity: false,
  generated: true,
  constraints: ['check', 'not null'],
  indexes: false,
};

/** The bits of INCLUDING (parsenodes.h, TableLikeOption). */
const including = { constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 };

function copyLike(schema: Schema, table: Relation, { relation, options = 0 }: TableLikeClause): boolean {
  const source = findRelation(schema, resolveRange(schema, relation));
  if (!source) return false;
  copyParts(schema, table, source, {
    isInherited: false,
    defaults: (options & including.defaults) !== 0,
    identity: (options & including.identity) !== 0,
    generated: (options & including.generated) !== 0,
    constraints: (options & including.constraints) !== 0 ? ['check', 'not null'] : ['not null'],
    indexes: (options & including.indexes) !== 0,
  });
  return source.isWhole;
}

function copyParts(schema: Schema, table: Relation, source: Relation, parts: CopiedParts): void {
  for (const column of source.columns.values()) {
    table.columns.set(column.name, {
      ...column,
      hasDefault: column.hasDefault && (column.isIdentity ? parts.identity : parts.defaults),
      isIdentity: column.isIdentity && parts.identity,
      isGenerated: column.isGenerated && parts.generated,
      isInherited: parts.isInherited,
      ...(parts.defaults ? sharedSequence(column) : { sequence: undefined, ownsSequence: false }),
      creator: schema.migration,
      namedBy: schema.migration,
    });
  }
  for (const constraint of source.constraints.values()) {
    if (parts.constraints.includes(constraint.kind))
      table.constraints.set(constraint.name, { ...constraint, isInherited: parts.isInherited });
  }
  if (!parts.indexes) return;
  for (const index of source.indexes.values()) copyIndex(schema, table, source, index);
}

/** Copied indexes get names of their own, and so do the keys that they belong to. */
function copyIndex(schema: Schema, table: Relation, source: Relation, index: Index): void {
  const key = source.constraints.get(index.name);
  const labels: Partial<Record<Constraint['kind'], string>> = {
    'primary key': 'pkey',
    unique: 'key',
    exclude: 'excl',
  };
  const label = (key && labels[key.kind]) ?? 'idx';
  const parts = { table: table.name, columns: index.nameParts, label };
  const name = chooseName(parts, isTakenBeside(schema, table, label));
  addIndex(schema, table, { ...index, name });
  if (key) table.constraints.set(name, { ...key, name });
}
