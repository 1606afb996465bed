/** What two databases must have in common to have the same schema. */

import type { Row, TestDatabase } from '../support/database.js';

/**
 * Columns, constraints, indexes, views and functions, without their rows and without Kat's own tables. The order of columns
 * plays no part: it depends on which of two independent migrations came first.
 */
export async function schemaOf(database: Pick<TestDatabase, 'query'>): Promise<Row[]> {
  const isOurs = "c.relnamespace = 'public'::regnamespace AND c.relname !~ '^migrations'";
  return database.query(`
    SELECT c.relkind::text || ' ' || c.relname AS name,
           a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull AS detail
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE ${isOurs}
    UNION ALL
    SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE ${isOurs}
    UNION ALL
    SELECT c.relname, pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE ${isOurs}
    UNION ALL
    SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind = 'v' AND ${isOurs}
    UNION ALL
    SELECT p.oid::regprocedure::text, md5(p.prosrc) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    ORDER BY 1, 2`);
}
