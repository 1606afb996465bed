/** Compares the locks that a message speaks of with those that a server takes. */

import type { PGlite } from '@electric-sql/pglite';

/** What a message says about locks, such as `SHARE on users`. */
export function readLocks(message: string): string[] {
  return [...message.matchAll(/\b([A-Z][A-Z ]+) lock on ([\w.]+)/g)].map(
    ([, mode, name]) => `${mode} on ${name}`,
  );
}

interface Row {
  oid: number;
  name: string;
  mode: string;
}

/** What is locked at the end of a transaction, which is rolled back. What it drops or renames keeps its name. */
export async function takeLocks(db: PGlite, sql: string): Promise<string[]> {
  const { rows } = await db.query<Row>(
    "SELECT oid, replace(oid::regclass::text, 'public.', '') AS name FROM pg_class",
  );
  const names = new Map(rows.map(({ oid, name }) => [oid, name]));
  return db.transaction(async (transaction) => {
    await transaction.exec(sql);
    const taken = await transaction.query<Row>(
      'SELECT relation AS oid, mode FROM pg_locks WHERE relation IS NOT NULL',
    );
    await transaction.rollback();
    return taken.rows.map(({ oid, mode }) => `${modeText(mode)} on ${names.get(oid)}`);
  });
}

/** `AccessShareLock` is the server's own name for `ACCESS SHARE`. */
function modeText(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}
