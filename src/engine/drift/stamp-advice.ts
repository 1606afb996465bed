/** What to do about an object that a pending migration creates. */

/** To drop what a migration has made, and to make it again, would lose its rows. @param id of the pending migration. */
export function adviseToStamp(id: string): string {
  return `${id} creates it and is pending: if it ran on this database, record it and its ancestors with \`kat stamp ${id}\``;
}
