/** Some ways to change a table without stopping others do not exist for partitioned tables. */

import type { AlterTableCmd } from '@pgsql/types';
import {
  findRelation,
  keyOfName,
  nameText,
  type Relation,
  resolveParts,
  resolveRange,
} from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import type { LintedStatement, Rule } from '../rule.js';

export const notOnPartitionedTable: Rule = {
  id: 'not-on-partitioned-table',
  severity: 'error',
  summary: 'a statement that PostgreSQL refuses for partitioned tables',
  checkStatement: (statement) => {
    const what = describeRefused(statement);
    const table = what && findTable(statement);
    if (!what || table?.kind !== 'partitioned table') return [];
    return [
      {
        at: statement.start,
        message: `PostgreSQL refuses ${what.words}, because ${nameText(table)} is partitioned`,
        help: what.help,
      },
    ];
  },
};

interface Refused {
  words: string;
  help: string;
}

/** Statements that fail with 0A000; each was tried on PostgreSQL 14, 15 and 18. */
function describeRefused({ node, oldestServer }: LintedStatement): Refused | undefined {
  if (nodeOf(node, 'IndexStmt')?.concurrent) {
    const help =
      'Create it ON ONLY the partitioned table. Create one CONCURRENTLY on each partition, and attach these.';
    return { words: 'CREATE INDEX CONCURRENTLY', help };
  }
  const drop = nodeOf(node, 'DropStmt');
  if (drop?.removeType === 'OBJECT_INDEX' && drop.concurrent) {
    return {
      words: 'DROP INDEX CONCURRENTLY',
      help: 'Use DROP INDEX, which also drops the indexes of the partitions.',
    };
  }
  const commands = nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
  return commands.map((command) => describeCommand(command, oldestServer)).find(Boolean);
}

function describeCommand({ subtype, def }: AlterTableCmd, oldestServer: number): Refused | undefined {
  const constraint = subtype === 'AT_AddConstraint' ? nodeOf(def, 'Constraint') : undefined;
  if (constraint?.indexname !== undefined) {
    const help = 'Use a unique index on the table and all its partitions instead: it enforces the same.';
    return { words: 'ADD CONSTRAINT … USING INDEX', help };
  }
  if (constraint?.contype !== 'CONSTR_FOREIGN' || !constraint.skip_validation || oldestServer >= 18) {
    return undefined;
  }
  const help =
    'Add the key with NOT VALID to each partition, and validate it there. Add it to the partitioned table last.';
  return { words: `FOREIGN KEY … NOT VALID before PostgreSQL 18`, help };
}

function findTable({ node, schema }: LintedStatement): Relation | undefined {
  const range = nodeOf(node, 'IndexStmt')?.relation ?? nodeOf(node, 'AlterTableStmt')?.relation;
  if (range) return findRelation(schema, resolveRange(schema, range));
  const index = resolveParts(schema, partsOf(nodeOf(node, 'DropStmt')?.objects?.[0]), schema.indexOwners);
  return schema.relations.get(schema.indexOwners.get(keyOfName(index)) ?? '');
}
