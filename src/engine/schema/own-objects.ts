/** Finds the objects of a database that make it no empty one. */

import type { Session } from '../../connections/driver.js';
import { describeSnapshotObject, isNote, isPart } from '../../sql/snapshot/snapshot.js';
import { type Ledger, tableNamesOf } from '../ledger/ledger.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';

/**
 * @returns in words, the objects in `public` and in schemas of the session's own role. Kat's tables, extensions with their members, empty
 *   schemas, and schemas that belong to others do not count: services bring them along.
 */
export async function findOwnObjects(session: Session, ledger: Ledger): Promise<string[]> {
  const { objects, role } = await readSnapshot(session, { without: tableNamesOf(ledger) });
  const foreign = new Set(
    objects
      .filter(
        ({ kind, name, definition }) => kind === 'schema' && name !== 'public' && definition.owner !== role,
      )
      .map(({ name }) => name),
  );
  const isOwn = ({ schema: place }: { schema?: string }) =>
    session.sqlite !== undefined || (place !== undefined && !foreign.has(place));
  return objects
    .filter(
      (object) => isOwn(object) && !isPart(object) && !isNote(object) && object.kind !== 'default privileges',
    )
    .map(describeSnapshotObject);
}
