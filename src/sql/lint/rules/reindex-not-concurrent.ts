/** REINDEX stops writes, and reads that would use the index, until it is built. */

import type { ReindexStmt } from '@pgsql/types';
import { isOptionOn } from '../../postgres/option-values.js';
import { keyOfName, nameText, resolveParts } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { partsOfRange } from '../../syntax/object-names.js';
import { liveRelation } from '../live-relations.js';
import type { LintedStatement, Rule } from '../rule.js';

export const reindexNotConcurrent: Rule = {
  id: 'reindex-not-concurrent',
  severity: 'error',
  summary: 'REINDEX without CONCURRENTLY of a table in use',
  checkStatement: (statement) => {
    const command = nodeOf(statement.node, 'ReindexStmt');
    if (!command || isOptionOn(command.params, 'concurrently')) return [];
    const target = readTarget(statement, command);
    if (target === undefined) return [];
    return [
      {
        at: statement.indexOf(command.relation?.location),
        message: `REINDEX takes a SHARE lock on ${target} and locks each index ACCESS EXCLUSIVE, which blocks writes and most reads until it is built`,
        help: helpFor(command),
      },
    ];
  },
};

/** PostgreSQL cannot build indexes of system catalogs concurrently (ReindexMultipleTables, indexcmds.c). */
function helpFor({ kind }: ReindexStmt): string {
  return kind === 'REINDEX_OBJECT_SYSTEM'
    ? 'System catalogs cannot be reindexed CONCURRENTLY. Reindex them by hand in a maintenance window, not in a migration.'
    : 'Use REINDEX ... CONCURRENTLY, in a migration of its own with `no_transaction: true`.';
}

/** The table whose indexes are built; undefined when it is new. */
function readTarget(statement: LintedStatement, { kind, relation, name }: ReindexStmt): string | undefined {
  if (kind === 'REINDEX_OBJECT_SYSTEM') return 'every system catalog';
  if (!relation) return name === undefined ? 'every table' : `every table of ${name}`;
  if (kind !== 'REINDEX_OBJECT_INDEX') {
    const table = liveRelation(statement, relation);
    return table && nameText(table);
  }
  const { schema } = statement;
  const index = resolveParts(schema, partsOfRange(relation), schema.indexOwners);
  const owner = schema.relations.get(schema.indexOwners.get(keyOfName(index)) ?? '');
  if (!owner) return `the table of ${nameText(index)}`;
  return statement.isNew(owner) ? undefined : nameText(owner);
}
