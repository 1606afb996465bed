/** Reads from the server's command tags which statements of a message a later failure leaves in place. */

/** The tag of COMMIT AND CHAIN is COMMIT; that of COMMIT PREPARED is about another transaction. */
const ends: ReadonlySet<string> = new Set(['COMMIT', 'PREPARE TRANSACTION']);

/** @returns the number of statements up to the last one that committed a transaction. */
export function countCommittedStatements(results: readonly { tag: string }[]): number {
  return results.findLastIndex(({ tag }) => ends.has(tag)) + 1;
}
