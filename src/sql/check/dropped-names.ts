/** What a text drops or empties. Apart from its reader, because the library's users see it, and need no types of the parser. */

/** Names as they are written, in parts. */
export interface DroppedNames {
  /** Those that TRUNCATE empties count as well: their rows are lost in the same way. */
  tables: readonly (readonly string[])[];
  schemas: readonly string[];
  /** Whether the text sets a search path of its own, so that names without a schema may be in any. */
  setsSearchPath: boolean;
}
