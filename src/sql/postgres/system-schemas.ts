/** The schemas that belong to PostgreSQL, apart from the long lists of names in them. */

/** Whether the schema is one of PostgreSQL's own; nobody can create one whose name begins with `pg_`. */
export function isSystemSchema(name: string): boolean {
  return name === 'information_schema' || name.startsWith('pg_');
}
