/** The columns by which Kat's tables are recognised where their names tell nothing. */

/** Of a tracking table, also of one that somebody has altered. */
export const ledgerMarks: readonly string[] = ['name', 'migration_time'];

/** Of its log. */
export const logMarks: readonly string[] = ['migration', 'checksum', 'statement_hash'];
