/** IF NOT EXISTS makes no index where its name belongs to another one. */

import { readIndex } from '../../schema/indexes.js';
import { newRelation } from '../../schema/read-table.js';
import { findRelation, type Index, keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

export const indexNameTaken: Rule = {
  id: 'index-name-taken',
  severity: 'warning',
  summary: 'CREATE INDEX IF NOT EXISTS that creates nothing, because another index has the name',
  checkStatement: ({ node, schema, start }) => {
    const create = nodeOf(node, 'IndexStmt');
    if (!create?.if_not_exists) return [];
    const table = resolveRange(schema, create.relation);
    const known = findRelation(schema, table);
    const index = readIndex(schema, known ?? newRelation(table, 'table', ''), create);
    const ownerKey = schema.indexOwners.get(keyOfName({ schema: table.schema, name: index.name }));
    const owner = schema.relations.get(ownerKey ?? '');
    const taken = owner?.indexes.get(index.name);
    if (!owner || !taken || (owner === known && isSame(taken, index))) return [];
    return [
      {
        at: start,
        message: `PostgreSQL creates no index on ${nameText(table)}: ${index.name} already exists on ${nameText(owner)} (${describeColumns(taken)})`,
        help: 'Give the new index another name.',
      },
    ];
  },
};

function isSame(one: Index, other: Index): boolean {
  return one.isUnique === other.isUnique && describeColumns(one) === describeColumns(other);
}

function describeColumns({ columns }: Index): string {
  return columns.map((column) => column ?? '…').join(', ');
}
