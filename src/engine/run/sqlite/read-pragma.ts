/** Reads a setting of a SQLite session. */

import type { Session } from '../../../connections/driver.js';

/** @param name of a PRAGMA with one value, such as `foreign_keys`. */
export async function readPragma(session: Session, name: string): Promise<string | null | undefined> {
  const [result] = await session.execute(`PRAGMA ${name}`);
  return Object.values(result?.rows[0] ?? {})[0];
}
