/** Foreign keys to several tables in use lock all of them until the transaction is over. */

import { keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodesIn } from '../../syntax/objects-in.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const severalForeignKeys: Rule = {
  id: 'several-foreign-keys',
  severity: 'warning',
  summary: 'one transaction adds foreign keys to several tables in use',
  checkMigration: ({ transactions }) => transactions.flatMap(findSecond),
};

/** The first key that refers to another table than an earlier one did. */
function findSecond(statements: readonly LintedStatement[]): Found[] {
  const keys = statements.flatMap(referencesOf);
  const [first] = keys;
  const second = keys.find(({ key }) => key !== first?.key);
  if (!first || !second) return [];
  return [
    {
      at: second.at,
      message: `this foreign key blocks writes to ${second.table} while the transaction also blocks writes to ${first.table}: a session that writes to both in the other order causes a deadlock`,
      help: 'Add each key in a migration of its own, with NOT VALID if its table has rows.',
    },
  ];
}

function referencesOf(statement: LintedStatement): { key: string; table: string; at: number }[] {
  const { node, liveImpact, schema } = statement;
  if (!('CreateStmt' in node) && !('AlterTableStmt' in node)) return [];
  const locked = new Set(liveImpact.locks.map(({ relation }) => keyOfName(relation)));
  return nodesIn(node, 'Constraint')
    .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
    .map(({ pktable, location }) => ({
      name: resolveRange(schema, pktable),
      at: statement.indexOf(location),
    }))
    .filter(({ name }) => locked.has(keyOfName(name)))
    .map(({ name, at }) => ({ key: keyOfName(name), table: nameText(name), at }));
}
