/** The name of a relation. Apart from the rest, because the library's users see it, and need no types of the parser for it. */

/** A name with its schema. */
export interface RelationName {
  schema: string;
  name: string;
}
