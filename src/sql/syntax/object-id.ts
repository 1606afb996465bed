/** Names objects and positions in a migration's SQL. */

/** The kinds of PostgreSQL's catalog objects. `relation` is used if a statement does not show the kind of relation. */
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
  /** All schemas of the search path, in order, if the statement names none and the path has several. */
  path?: readonly string[];
  /** The table of a column, constraint, trigger, policy or rule; the type of an enum value or a domain's constraint. */
  parent?: string;
  name: string;
  /** Both types of a cast. If the search path decides about the schema of one, the name has the first schema. */
  types?: readonly TypeRef[];
  /** The types of a function's or operator's arguments, such as `(integer,text)`; undefined where they are not said. */
  args?: string;
}

/** A type by its name, or with the `path` in which it may lie. */
export type TypeRef = string | ObjectId;

/** A place in the migration's text. */
export interface SourcePosition {
  /** UTF-16 index into the text. */
  start: number;
  /** Counted from 1; columns in characters. */
  line: number;
  column: number;
}
