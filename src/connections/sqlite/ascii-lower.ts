/** Folds names as SQLite does. */

/**
 * Only the letters A to Z lose their case, as in SQLite's comparison of names and its `lower()`: `Ü` and `ü` are two names
 * (https://www.sqlite.org/lang_corefunc.html#lower).
 */
export function asciiLower(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
