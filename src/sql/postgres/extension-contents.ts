/** The form in which the lists of extensions are written. */

/** The names in one extension, separated by blanks. */
export interface ExtensionContents {
  name: string;
  /** Extensions that must be there before it. */
  requires?: string;
  /** Functions, types, operator classes, relations, access methods, languages, wrappers, text search objects. */
  names?: string;
  /** The types of PostgreSQL itself that get a default operator class: `gist:int4`. */
  classes?: string;
  /** The types of PostgreSQL itself that only the extension gives such an operator: `%:text`. */
  operators?: string;
  /** Types that have the operators and operator classes of a type of PostgreSQL itself: `citext:text`. */
  coercions?: string;
}
