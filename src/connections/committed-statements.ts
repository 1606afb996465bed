/** Reads from the server's command tags which statements of a message a later failure leaves in place. */

/** The tag of COMMIT AND CHAIN is COMMIT; that of COMMIT PREPARED is about another transaction. */
const ends: ReadonlySet<string> = new Set(['COMMIT', 'PREPARE TRANSACTION']);

/** @returns how many statements there are up to the last one that ended a transaction and kept its work. */
export function countCommittedStatements(results: readonly { tag: string }[]): number {
  return results.findLastIndex(({ tag }) => ends.has(tag)) + 1;
}
