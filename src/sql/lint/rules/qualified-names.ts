/** A name without a schema means what the search path of the session makes of it. */

import { resolveRange } from '../../schema/schema.js';
import { findRanges } from '../range-names.js';
import type { Rule } from '../rule.js';

export const qualifiedNames: Rule = {
  id: 'qualified-names',
  severity: 'info',
  topic: 'design',
  isOptional: true,
  summary: 'a table, view, index or sequence that is named without its schema',
  checkStatement: (statement) =>
    findRanges(statement.node)
      .filter(({ schemaname }) => schemaname === undefined)
      .filter((range) => resolveRange(statement.schema, range).schema !== 'pg_temp')
      .sort((a, b) => (a.location ?? 0) - (b.location ?? 0))
      .map(({ relname = '', location }) => ({
        at: statement.indexOf(location),
        message: `${relname} is named without a schema, so the search path of the session decides which object it is`,
        help: `Name the schema as well: ${statement.schema.path[0] ?? 'public'}.${relname}.`,
      })),
};
