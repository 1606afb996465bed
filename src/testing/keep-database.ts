/** Keeps the database of a failed test, and says where it is. */

import { outsideText, printableLine } from '../outside-text.js';
import { maskSecrets } from '../secrets.js';
import type { TestDatabase } from './test-database.js';

/** Writes a line to stderr. Never throws: the test's own error must be seen. */
export async function keepDatabase(database: TestDatabase, test = 'the failed test'): Promise<void> {
  const result = await database.keep(test).then(
    (place) => `is kept as ${maskSecrets(place)}`,
    (error: unknown) =>
      `cannot be kept: ${outsideText(error instanceof Error ? error.message : String(error))}`,
  );
  console.error(`The database of ${printableLine(test)} ${result}`);
}
