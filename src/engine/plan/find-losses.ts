/** Finds data that a rollback would destroy, to ask for confirmation first. */

import { basename } from 'node:path';
import type { Session } from '../../connections/driver.js';
import { isProgram } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { findSqlFile } from '../../project/folder/load.js';
import type { Losses, LostObject } from '../../sql/effects/lost-objects.js';
import type { Ledger } from '../ledger/ledger.js';
import { refuseOpenTransaction } from '../session/server-state.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import { findCascaded } from './find-cascaded.js';
import { findLostRelations, type LostRelation } from './find-lost.js';
import { findLostDatabases } from './find-lost-databases.js';
import { findTriggered } from './find-triggered.js';
import { createWriters, type LookedInto, lookInto, lossListOf, lostName, type Writers } from './look-into.js';
import type { Loss } from './loss.js';
import type { LossGuard } from './loss-guard.js';
import type { PlannedMove } from './plan-run.js';
import { readLossesOf } from './read-losses.js';

interface Position {
  session: Session;
  ledger: Ledger;
}

type Planned = Pick<PlannedMove, 'plan' | 'graph' | 'storedDowns'>;

/** What a look has found. */
export interface LossLook {
  losses: Loss[];
  /** By id, of all steps that roll back. */
  guards: ReadonlyMap<string, LossGuard>;
  writers: Writers;
}

/**
 * Looks into what the steps of `plan` drop, empty or overwrite. What cannot be looked into is a loss too, and says why.
 * @param known the writers of an earlier look of the same run.
 * @throws KatError USAGE when the caller's connection is inside of a transaction.
 */
export async function findLosses(
  position: Position,
  planned: Planned,
  checked: Pick<CheckedPlan, 'steps'>,
  known?: Writers,
): Promise<LossLook> {
  const downs = planned.plan.steps.filter(({ direction }) => direction === 'down');
  if (downs.length > 0) await refuseOpenTransaction(position.session);
  const writers = known ?? createWriters(position, planned);
  const losses: Loss[] = [];
  const guards = new Map<string, LossGuard>();
  let earlier = '';
  for (const step of downs) {
    const text = downText(planned, step, checked.steps.get(stepKey(step))?.stored);
    const found =
      text === undefined ? unreadProgram(planned, step) : await readLossesOf(position.session, text, earlier);
    const isUncertain = found.objects.length > 0 && (earlier !== '' || found.objects.some(cascades));
    if (text !== undefined && joins.test(text)) earlier += `${text}\n;\n`;
    const triggered = await findTriggered(position.session, found.changed, text ?? '');
    const all = { ...found, unread: [...found.unread, ...triggered] };
    const { watched, loss } = await lookIntoStep(position.session, { step, planned, writers, found: all });
    losses.push(...loss);
    guards.set(step.id, { watched, isUncertain });
    // The rows of the tracking table go with the steps.
    if (isUncertain) await writers.remember();
  }
  return { losses, guards, writers };
}

/** It may take objects along that are made after the look. */
function cascades({ kind, isCascade }: LostObject): boolean {
  return isCascade || kind === 'schema' || kind === 'extension';
}

async function lookIntoStep(
  session: Session,
  {
    step,
    planned,
    writers,
    found,
  }: {
    step: Step;
    planned: Planned;
    writers: Writers;
    found: Pick<Losses, 'objects' | 'unread'>;
  },
): Promise<{ watched: LossGuard['watched']; loss: Loss[] }> {
  const lost = await findLost(session, found.objects);
  const { replaces = [] } = planned.graph.get(step.id);
  const { filled, unseen, watched } = await lookInto(session, lost, writers);
  const databases = await findLostDatabases(session, found.objects);
  const all = [...unseen, ...databases];
  return { watched, loss: lossOf({ id: step.id, replaces, filled, unseen: all, unread: found.unread }) };
}

async function findLost(session: Session, objects: Losses['objects']): Promise<LostRelation[]> {
  if (objects.length === 0) return [];
  const lost = await findLostRelations(session, objects);
  const whole = new Set(lost.flatMap(({ table, column }) => (column === undefined ? [table] : [])));
  const cascaded = await findCascaded(session, objects);
  return [...lost, ...cascaded.filter(({ table }) => !whole.has(table))];
}

interface FoundLoss extends Pick<LookedInto, 'filled' | 'unseen'>, Pick<Losses, 'unread'> {
  id: string;
  replaces: readonly string[];
}

/** @returns none where nothing is lost. */
function lossOf({ id, replaces, filled, unseen, unread }: FoundLoss): Loss[] {
  if (replaces.length + filled.length + unseen.length + unread.length === 0) return [];
  const of = (group: keyof Loss) => [
    ...new Set(filled.filter((one) => lossListOf(one) === group).map(lostName)),
  ];
  const [columns, overwritten, sequences] = [of('columns'), of('overwritten'), of('sequences')];
  const cascaded = of('cascaded');
  return [
    {
      ...{ id, replaces, tables: of('tables') },
      ...(cascaded.length > 0 ? { cascaded } : {}),
      ...(columns.length > 0 ? { columns } : {}),
      ...(overwritten.length > 0 ? { overwritten } : {}),
      ...(sequences.length > 0 ? { sequences } : {}),
      ...(unseen.length > 0 ? { unseen } : {}),
      ...(unread.length > 0 ? { unread } : {}),
    },
  ];
}

/** @returns undefined for a program. */
function downText({ graph }: Planned, { id }: Step, stored: string | undefined): string | undefined {
  const { down } = graph.get(id).files;
  if (stored === undefined && isProgram(down)) return undefined;
  return stored ?? findSqlFile(down) ?? '';
}

function unreadProgram({ graph }: Planned, { id }: Step): Omit<Losses, 'calls'> {
  return { changed: [], objects: [], unread: [`the program ${basename(graph.get(id).files.down)}`] };
}

/** A later step may drop by its old name what an earlier one gives that name back, or with its old schema, parent or key. */
const joins = /\brename\b|\bset\s+schema\b|\battach\s+partition\b|\binherit\b|\breferences\b/i;
