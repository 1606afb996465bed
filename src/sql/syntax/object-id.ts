/** Names objects and positions in a migration's SQL. */

/** What PostgreSQL keeps in its catalogs. `relation` is said where a statement does not tell which kind of relation. */
export type ObjectKind =
  | 'access method'
  | 'aggregate'
  | 'cast'
  | 'collation'
  | 'column'
  | 'constraint'
  | 'conversion'
  | 'database'
  | 'default privileges'
  | 'domain'
  | 'enum value'
  | 'event trigger'
  | 'extension'
  | 'foreign data wrapper'
  | 'foreign table'
  | 'function'
  | 'index'
  | 'language'
  | 'large object'
  | 'materialized view'
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'parameter'
  | 'policy'
  | 'publication'
  | 'relation'
  | 'role'
  | 'rule'
  | 'schema'
  | 'sequence'
  | 'server'
  | 'statistics'
  | 'subscription'
  | 'table'
  | 'tablespace'
  | 'text search configuration'
  | 'text search dictionary'
  | 'text search parser'
  | 'text search template'
  | 'transform'
  | 'trigger'
  | 'type'
  | 'user mapping'
  | 'view';

/** One object of the database, by its name. */
export interface ObjectId {
  kind: ObjectKind;
  /** The schema; undefined for objects that live in none. For several candidates see `path`. */
  schema?: string;
  /** Where the statement gives no schema and the search path has several: all of them, in order. */
  path?: readonly string[];
  /** The table of a column, constraint, trigger, policy or rule; the type of an enum value or a domain's constraint. */
  parent?: string;
  name: string;
  /** The types of a function's or operator's arguments, such as `(integer,text)`; undefined where they are not said. */
  args?: string;
}

/** A place in the migration's text. */
export interface SourcePosition {
  /** UTF-16 index into the text. */
  start: number;
  /** Counted from 1; columns in characters. */
  line: number;
  column: number;
}
