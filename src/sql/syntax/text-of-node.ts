/** Computes texts of syntax trees that are equal for parts with equal meaning. */

/** @returns a text without the places at which the parts stand; the same for equal trees. */
export function textOfNode(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (isPlace(key) ? undefined : value)) ?? '';
}

function isPlace(key: string): boolean {
  return key === 'location' || key === 'name_location' || key === 'stmt_location' || key === 'stmt_len';
}
