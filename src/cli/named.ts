/** Passes the migrations that a command names on to the library, for which an empty list is an error. */

/** @returns undefined where none is named. */
export function named(operands: readonly string[]): readonly string[] | undefined {
  return operands.length > 0 ? operands : undefined;
}
