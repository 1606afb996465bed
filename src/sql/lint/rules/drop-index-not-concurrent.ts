/** DROP INDEX waits for everybody who uses the table, and everybody else waits for it. */

import { keyOfName, nameText, type Relation, resolveParts, type Schema } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import type { LintedStatement, Rule } from '../rule.js';

export const dropIndexNotConcurrent: Rule = {
  id: 'drop-index-not-concurrent',
  severity: 'warning',
  summary: 'DROP INDEX without CONCURRENTLY on a table in use',
  checkStatement: (statement) => {
    const drop = nodeOf(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent) return [];
    return (drop.objects ?? []).flatMap((object) => {
      const { index, owner } = findOwner(statement.schema, partsOf(object));
      if (owner && isHarmless(statement, owner)) return [];
      const table = owner ? nameText(owner) : 'its table';
      return [
        {
          at: statement.start,
          message: `DROP INDEX ${index} takes an ACCESS EXCLUSIVE lock on ${table}, which blocks reads and writes while it waits for others and until the transaction ends`,
          help: 'Use DROP INDEX CONCURRENTLY, in a migration of its own with `no_transaction: true`.',
        },
      ];
    });
  },
};

/** An index of a partitioned table cannot be dropped concurrently (RangeVarCallbackForDropRelation, tablecmds.c). */
function isHarmless(statement: LintedStatement, owner: Relation): boolean {
  return statement.isNew(owner) || owner.kind === 'partitioned table';
}

function findOwner(schema: Schema, parts: readonly string[]): { index: string; owner: Relation | undefined } {
  const name = resolveParts(schema, parts, schema.indexOwners);
  const owner = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
  return { index: nameText(name), owner };
}
