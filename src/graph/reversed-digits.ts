/** Sorts lines of shared files so that two branches rarely add lines at one place. */

/** The digits of the timestamp backwards: neighbours in time differ in the first of them. @param id of a migration */
export function reversedDigits(id: string): string {
  return `${[...(/^\d+/.exec(id)?.[0] ?? '')].reverse().join('')} ${id}`;
}
