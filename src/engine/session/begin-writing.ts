/** Begins a transaction that may write, also where `default_transaction_read_only` is on. */
export const beginWriting = 'BEGIN READ WRITE';
