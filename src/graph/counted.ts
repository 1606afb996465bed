/** Writes a count with its noun. */

/** Such as `1 migration` or `2 migrations`; for nouns whose plural ends with `s`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Such as `1 migration is` or `2 migrations are`. */
export function countedAre(count: number, noun: string): string {
  return `${counted(count, noun)} ${count === 1 ? 'is' : 'are'}`;
}
