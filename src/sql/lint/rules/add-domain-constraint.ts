/** A constraint of a domain is checked in every table that has a column of it. */

import { tablesWithType } from '../../schema/relatives.js';
import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { liveType } from '../live-relations.js';
import type { LintedStatement, Rule } from '../rule.js';

export const addDomainConstraint: Rule = {
  id: 'add-domain-constraint',
  severity: 'error',
  summary: 'constraint of a domain in use that reads the rows of all its tables',
  checkStatement: (statement) => {
    const alter = nodeOf(statement.node, 'AlterDomainStmt');
    const words = readWords(statement);
    if (!alter || !words) return [];
    const domain = liveType(statement, alter.typeName);
    if (!domain || !isUsed(statement, domain)) return [];
    return [
      {
        at: statement.start,
        message: `${words} takes SHARE locks on all tables with a column of ${nameText(domain)}, which block writes until all of their rows are read`,
        ...(words === validate
          ? {
              severity: 'warning' as const,
              help: 'Keep the constraint NOT VALID, or validate it in a maintenance window.',
            }
          : { help }),
      },
    ];
  },
};

/** A domain that a migration makes is used by the tables that are seen to use it, where all of them are seen. */
function isUsed({ schema, isNew }: LintedStatement, domain: RelationName): boolean {
  const known = schema.types.get(keyOfName(domain));
  if (!known || known.isOfUnseen || schema.unread.size > 0) return true;
  const unsure = [...schema.relations.values()].filter(({ kind, isWhole }) => kind !== 'view' && !isWhole);
  return [...unsure, ...tablesWithType(schema, domain)].some((table) => !isNew(table));
}

const validate = 'ALTER DOMAIN … VALIDATE CONSTRAINT';
const help =
  'Add a CHECK with NOT VALID, which concerns new values only. Or add a CHECK to each table instead.';

/** Commands that scan rows: the locks were measured on PostgreSQL 14 to 18, where VALIDATE takes the same as ADD. */
function readWords({ node }: LintedStatement): string | undefined {
  const { subtype, def } = nodeOf(node, 'AlterDomainStmt') ?? {};
  if (subtype === 'O') return 'ALTER DOMAIN … SET NOT NULL';
  if (subtype === 'V') return validate;
  const isRead = subtype === 'C' && nodeOf(def, 'Constraint')?.skip_validation !== true;
  return isRead ? 'ALTER DOMAIN … ADD CONSTRAINT' : undefined;
}
