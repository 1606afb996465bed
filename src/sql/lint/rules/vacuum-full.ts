/** VACUUM FULL writes a whole table anew, and stops reads while it does. */

import { isOptionOn } from '../../postgres/option-values.js';
import { nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const vacuumFull: Rule = {
  id: 'vacuum-full',
  severity: 'error',
  summary: 'VACUUM FULL of a table in use',
  checkStatement: (statement) => {
    const vacuum = nodeOf(statement.node, 'VacuumStmt');
    if (!vacuum || !isOptionOn(vacuum.options, 'full')) return [];
    const ranges = nodesOf(vacuum.rels, 'VacuumRelation').map(({ relation }) => relation);
    if (ranges.length === 0) return [describe(statement.start, 'every table')];
    return ranges.flatMap((range) => {
      const table = liveRelation(statement, range);
      return table ? describe(statement.indexOf(range?.location), nameText(table)) : [];
    });
  },
};

function describe(at: number, target: string) {
  return {
    at,
    message: `VACUUM FULL rewrites ${target} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are written`,
    help: 'Use VACUUM without FULL. To return space to the disk, use pg_repack or pg_squeeze, which do not block reads and writes.',
  };
}
