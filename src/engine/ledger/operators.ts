/**
 * Operators that mean the same whatever `search_path` is in force. A schema that stands before `pg_catalog` in it may have
 * operators of its own, and PostgreSQL takes those (https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-OPERATOR-CALLS).
 * IN, BETWEEN, LIKE, IS DISTINCT FROM and CASE x WHEN look for their operators in the same way, so that they are not used.
 * All of these bind equally strong.
 */

export const eq = 'OPERATOR(pg_catalog.=)';
export const ne = 'OPERATOR(pg_catalog.<>)';
export const gt = 'OPERATOR(pg_catalog.>)';
export const ge = 'OPERATOR(pg_catalog.>=)';
export const le = 'OPERATOR(pg_catalog.<=)';
export const plus = 'OPERATOR(pg_catalog.+)';
export const minus = 'OPERATOR(pg_catalog.-)';
export const matches = 'OPERATOR(pg_catalog.~)';
export const times = 'OPERATOR(pg_catalog.*)';
