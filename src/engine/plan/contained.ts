/** Finds pending migrations whose SQL may be in an applied one: it was squashed when it ran, or is split in this folder. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Plan } from '../../graph/plan.js';
import { wholeFile } from '../../project/source-text.js';
import { isEdited } from '../ledger/edited.js';
import type { Ledger } from '../ledger/ledger.js';
import { type RememberedFacts, readRememberedFacts } from '../ledger/logged-migrations.js';

/** As of `DatabaseState`. */
interface FoundState {
  session: Session;
  ledger: Ledger;
  applied: readonly string[];
  logged?: ReadonlyMap<string, RememberedFacts>;
}

/** What the log knows of a migration that was applied. */
type RanBefore = Pick<RememberedFacts, 'checksum' | 'bareChecksum' | 'parents'>;

/** An applied migration that had other SQL when it ran. */
interface Container {
  id: string;
  /** Pending ancestors that it did not have then, in the order of `up`. */
  pending: readonly string[];
}

/**
 * @param ran what the log knows of `id`; without it, nothing is found.
 * @returns ids in the order of `up`; none where its SQL is what ran, or its pending parents were parents then.
 * @throws KatError FILES_INVALID when its up.sql can't be read.
 */
export function findContained(
  folder: Graph,
  id: string,
  { isApplied, ran }: { isApplied: (id: string) => boolean; ran: RanBefore | undefined },
): string[] {
  const added = folder.get(id).parents.filter((parent) => !isApplied(parent) && isNew(parent, ran));
  if (added.length === 0 || !isEdited(folder.get(id), ran)) return [];
  const contained = new Set([...added, ...folder.ancestors(added)]);
  return folder.migrations.map((one) => one.id).filter((one) => contained.has(one) && !isApplied(one));
}

/**
 * As `findContained`, whatever is recorded since the migration ran: what came before it then is not in it.
 * @throws KatError FILES_INVALID when its up.sql can't be read.
 */
export function findJoined(folder: Graph, id: string, ran: RanBefore | undefined): string[] {
  const known = ran?.parents.filter((parent) => folder.has(parent)) ?? [];
  const before = new Set([...known, ...folder.ancestors(known)]);
  return findContained(folder, id, { isApplied: (one) => before.has(one), ran });
}

function isNew(parent: string, ran: RanBefore | undefined): boolean {
  return ran?.parents.includes(parent) === false;
}

/**
 * An older commit of the folder still has what a squash joined; running it would do everything twice.
 * @throws KatError MIGRATIONS_CHANGED when the plan applies what may be contained in an applied migration.
 */
export async function refuseContained(
  folder: Graph,
  { session, ledger, applied, logged }: FoundState,
  { steps }: Plan,
): Promise<void> {
  const idsOf = (which: 'up' | 'down') =>
    new Set(steps.filter(({ direction }) => direction === which).map(({ id }) => id));
  const [ups, downs] = [idsOf('up'), idsOf('down')];
  const kept = new Set(applied.filter((id) => !downs.has(id)));
  const isApplied = (id: string) => kept.has(id);
  const suspects = [...kept].filter((id) => folder.has(id) && !folder.get(id).parents.every(isApplied));
  if (ups.size === 0 || suspects.length === 0) return;
  const known = logged ?? (await readRememberedFacts(session, ledger, suspects));
  const containers = suspects
    .map((id) => ({ id, pending: findContained(folder, id, { isApplied, ran: known.get(id) }) }))
    .filter(({ pending }) => pending.some((id) => ups.has(id)));
  if (containers.length > 0) throw containedError(folder, containers);
}

function containedError(folder: Graph, containers: readonly Container[]): KatError {
  const [{ id, pending } = { id: '', pending: [] }] = containers;
  return new KatError(
    'MIGRATIONS_CHANGED',
    `${id} was applied with other SQL, which may contain that of ${listIds(pending)}`,
    {
      problems: containers.map((one) => ({
        message: `when ${one.id} was applied, its up.sql was another one, and ${listIds(one.pending)} did not come before it`,
        migration: one.id,
        location: wholeFile(folder.get(one.id).files.up),
      })),
      help: `${adviseOnContained(id, pending)} Nothing was run.`,
    },
  );
}

/**
 * The rollback undoes what the squash joined, and only the migration itself would be applied again.
 * @throws KatError MIGRATIONS_CHANGED when the plan runs a migration again that may contain others, which were only recorded as applied.
 */
export async function refuseToRepeatJoined(
  folder: Graph,
  { session, ledger, applied }: FoundState,
  { steps }: Plan,
): Promise<void> {
  const downs = new Set(steps.filter(({ direction }) => direction === 'down').map(({ id }) => id));
  const again = steps.filter(({ id, direction }) => direction === 'up' && downs.has(id) && folder.has(id));
  if (again.every(({ id }) => folder.get(id).parents.length === 0)) return;
  const ran = await readRememberedFacts(session, ledger, applied);
  const isLeft = (one: string) => !downs.has(one) && ran.get(one)?.isStamped === true;
  for (const { id } of again) {
    const joined = findJoined(folder, id, ran.get(id)).filter(isLeft);
    if (joined.length > 0) throw repeatedError(id, joined);
  }
}

function repeatedError(id: string, joined: readonly string[]): KatError {
  return new KatError(
    'MIGRATIONS_CHANGED',
    `${id} was applied with other SQL, and its rollback may undo ${listIds(joined)}, which would stay recorded as applied`,
    { help: `${adviseOnJoined(id, joined)} Nothing was run.` },
  );
}

/** What can be done where the joined migrations are recorded as applied. */
export function adviseOnJoined(id: string, joined: readonly string[]): string {
  return `If a later commit squashed ${listIds(joined)} into ${id}, check out that commit or a newer one. Or accept the edit with \`kat repair ${id}\`, which runs no SQL.`;
}

/** What can be done; what may run SQL twice comes last. */
export function adviseOnContained(id: string, pending: readonly string[]): string {
  const isOne = pending.length === 1;
  const them = isOne ? 'it' : 'them';
  return `If a later commit squashed ${them} into ${id}, check out that commit or a newer one. If the database has the changes of ${listIds(pending)}, record ${them} as applied: \`kat stamp ${id}\`. Only if the changes are not there, accept the edit with \`kat repair ${id}\`, and \`kat up\` applies ${them}.`;
}
