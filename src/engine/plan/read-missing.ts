/** Reads what tells why applied migrations have no folder. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { type Evidence, findMissingCause, type MissingCause } from '../../graph/missing-cause.js';
import { readSqlFile } from '../../project/folder/load.js';
import { withoutComments } from '../../sql/syntax/without-comments.js';
import { bareFingerprint, fingerprint } from '../ledger/edited.js';
import { readHalfDone } from '../ledger/journal.js';
import { type Ledger, logTableOf } from '../ledger/ledger.js';
import { readRememberedFacts } from '../ledger/logged-migrations.js';
import type { LedgerSnapshot } from '../ledger/migration-status.js';

/**
 * Asks the database only where a migration has no folder.
 * @returns undefined where each applied migration has a folder or was squashed.
 */
export async function readMissingCause(
  folder: Graph,
  { session, ledger, applied }: { session: Session; ledger: Ledger; applied: readonly string[] },
): Promise<MissingCause | undefined> {
  if (applied.every((id) => folder.has(id))) return undefined;
  const ids = [...new Set([...applied, ...folder.migrations.map(({ id }) => id)])];
  const facts = await readRememberedFacts(session, ledger, ids);
  const halfDone = ledger.hasLog ? await readHalfDone(session, logTableOf(ledger)) : new Map();
  return findMissingCause(folder, applied, {
    ...files(folder),
    recordedChecksums: (id) => checksumsOf(facts.get(id)),
    isStamped: (id) => facts.get(id)?.isStamped === true,
    isInLog: (id) => facts.has(id) || halfDone.has(id),
  });
}

/** The same from what `status` and `validate` have read. */
export function missingCauseOf(folder: Graph, state: LedgerSnapshot): MissingCause | undefined {
  const { applied, lastSuccesses, halfDone } = state;
  return findMissingCause(folder, [...applied.keys()], {
    ...files(folder),
    recordedChecksums: (id) => checksumsOf(lastSuccesses.get(id)),
    isStamped: (id) => lastSuccesses.get(id)?.outcome === 'stamped',
    isInLog: (id) => lastSuccesses.has(id) || halfDone.has(id),
  });
}

function files(folder: Graph): Pick<Evidence, 'currentChecksums' | 'doesNothing'> {
  return {
    doesNothing: (id) => {
      const text = readQuietly(() => readSqlFile(folder.get(id).files.up)) ?? '';
      return /^(?:select)? ?;?$/i.test(withoutComments(text));
    },
    currentChecksums: (id) =>
      checksumsOf({
        checksum: readQuietly(() => fingerprint(folder.get(id))),
        bareChecksum: readQuietly(() => bareFingerprint(folder.get(id))),
      }),
  };
}

/** Both say that a text is the same: a renamed migration often gets another comment at its head. */
function checksumsOf(
  found: { checksum: string | undefined; bareChecksum: string | undefined } | undefined,
): string[] {
  return [found?.checksum ?? [], found?.bareChecksum ?? []].flat();
}

/** @returns undefined for a file that can't be read, which others report. */
function readQuietly(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof KatError) return undefined;
    throw error;
  }
}
