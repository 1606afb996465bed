/** Names casts that somebody must have made, so that a value of one type can become one of another. */

const texts: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'char', 'name']);

/**
 * @param from and `to`: types; those of PostgreSQL itself without a schema.
 * @returns undefined where PostgreSQL needs no cast of a user: types of its own, equal types, arrays, and texts. Every type can be
 *   assigned to a text, and be cast to and from one (find_coercion_pathway, parser/parse_coerce.c).
 */
export function madeCast(
  from: string,
  to: string,
  { isExplicit }: { isExplicit: boolean },
): string | undefined {
  const isOwn = !from.includes('.') && !to.includes('.');
  const isText = texts.has(to) || (isExplicit && texts.has(from));
  if (from === to || isOwn || isText || `${from}${to}`.includes('[]')) return undefined;
  return `${from} as ${to}`;
}
