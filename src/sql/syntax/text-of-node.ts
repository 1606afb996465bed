/** Gives parts of a syntax tree texts that are equal where the parts mean the same. */

/** @returns a text without the places at which the parts stand; the same for equal trees. */
export function textOfNode(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (isPlace(key) ? undefined : value)) ?? '';
}

function isPlace(key: string): boolean {
  return key === 'location' || key === 'name_location' || key === 'stmt_location' || key === 'stmt_len';
}
