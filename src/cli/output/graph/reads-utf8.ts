/** Decides whether a terminal shows more than ASCII. */

/**
 * @returns false where the locale names another encoding. Terminals without a locale, as on Windows and in containers, read UTF-8,
 *   which is what Node.js writes.
 */
export function readsUtf8({ LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return locale === '' || /utf-?8/i.test(locale);
}
