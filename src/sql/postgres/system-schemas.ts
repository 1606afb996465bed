/** The schemas that belong to PostgreSQL, apart from the long lists of names in them. */

/** Whether the schema is one of the two in which the database describes itself. */
export function isCatalogSchema(name: string | undefined): boolean {
  return name === 'pg_catalog' || name === 'information_schema';
}

/** Whether the schema is one of PostgreSQL's own; nobody can create one whose name begins with `pg_`. */
export function isSystemSchema(name: string): boolean {
  return name === 'information_schema' || name.startsWith('pg_');
}
