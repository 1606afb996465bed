/** Finds triggers and rules that delete rows elsewhere, of tables whose rows a rollback changes. */

import type { Session } from '../../connections/driver.js';
import type { ChangedTable } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { lookUpTable } from './find-lost.js';

/** The bit of an event in `pg_trigger.tgtype` (catalog/pg_trigger.h), and its number in `pg_rewrite.ev_type`. */
const events: Readonly<Record<ChangedTable['event'], { trigger: number; rule: string }>> = {
  insert: { trigger: 4, rule: '3' },
  delete: { trigger: 8, rule: '4' },
  update: { trigger: 16, rule: '2' },
  truncate: { trigger: 32, rule: '' },
};

const deletes = String.raw`'\m(delete|truncate)\M'`;

/**
 * Of a view, what its rules delete is found with the tables behind it.
 * @param text of the rollback: a trigger that it drops or disables by name is left out.
 * @returns in words, such as `the trigger clean of public.users`
 */
export async function findTriggered(
  session: Session,
  changed: readonly ChangedTable[],
  text: string,
): Promise<string[]> {
  if (changed.length === 0) return [];
  const each = new Map(changed.map((one) => [JSON.stringify(one), one])).values();
  const roots = [...each].map(({ event, ...table }) => {
    const { trigger, rule } = events[event];
    return `SELECT ${lookUpTable(table)}, ${trigger}, '${rule}'`;
  });
  const [result] = await executeInCatalog(
    session,
    `WITH changed (relation, trigger_bit, rule_type) AS (${roots.join(' UNION ')})
     SELECT 'trigger' AS kind, t.tgname AS name, pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation
     FROM changed x JOIN pg_catalog.pg_trigger t ON t.tgrelid = x.relation AND (t.tgtype & x.trigger_bit) <> 0
     JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
     JOIN pg_catalog.pg_class c ON c.oid = x.relation AND c.relkind <> 'v' JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.prosrc ~* ${deletes}
     UNION
     SELECT 'rule', r.rulename, pg_catalog.format('%I.%I', n.nspname, c.relname)
     FROM changed x JOIN pg_catalog.pg_rewrite r ON r.ev_class = x.relation AND r.ev_type::pg_catalog.text = x.rule_type
     JOIN pg_catalog.pg_class c ON c.oid = x.relation AND c.relkind <> 'v' JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE r.ev_enabled IN ('O', 'A') AND pg_catalog.regexp_replace(pg_catalog.pg_get_ruledef(r.oid), '^.*? DO ', '') ~* ${deletes}
     ORDER BY 1, 2, 3`,
  );
  const isEnded = (name: string) =>
    /\b(?:drop|disable)\s+(?:trigger|rule)\b/i.test(text) && text.includes(name);
  return (result?.rows ?? []).flatMap(({ kind, name, relation }) =>
    isEnded(name ?? '') ? [] : [`the ${kind} ${name} of ${relation}`],
  );
}
