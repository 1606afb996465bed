/** Finds data that a rollback would destroy, to ask for confirmation first. */

import { basename } from 'node:path';
import type { Session } from '../../connections/driver.js';
import { isProgram } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { findSqlFile } from '../../project/folder/load.js';
import type { Losses } from '../../sql/effects/lost-objects.js';
import type { Ledger } from '../ledger/ledger.js';
import { refuseOpenTransaction } from '../session/server-state.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import { findCascaded } from './find-cascaded.js';
import { findLostRelations, type LostRelation } from './find-lost.js';
import { findLostDatabases } from './find-lost-databases.js';
import { findRestoring } from './find-restoring.js';
import { findWriters } from './find-writers.js';
import type { Loss } from './loss.js';
import type { PlannedMove } from './plan-run.js';
import { type Content, holdsRows, readContent } from './read-content.js';
import { readLossesOf } from './read-losses.js';

interface Position {
  session: Session;
  ledger: Ledger;
}

type Planned = Pick<PlannedMove, 'plan' | 'graph' | 'storedDowns'>;

/**
 * Looks into what the steps of `plan` drop, empty or overwrite. What cannot be looked into is a loss too, and says why.
 * @throws KatError USAGE when the caller's connection is inside of a transaction.
 */
export async function findLosses(
  position: Position,
  planned: Planned,
  checked: Pick<CheckedPlan, 'steps'>,
): Promise<Loss[]> {
  const downs = planned.plan.steps.filter(({ direction }) => direction === 'down');
  if (downs.length > 0) await refuseOpenTransaction(position.session);
  const writers = createWriters(position, planned);
  const losses: Loss[] = [];
  let earlier = '';
  for (const step of downs) {
    const text = downText(planned, step, checked.steps.get(stepKey(step))?.stored);
    const found =
      text === undefined ? unreadProgram(planned, step) : await readLossesOf(position.session, text, earlier);
    if (text !== undefined && joins.test(text)) earlier += `${text}\n;\n`;
    const lost = await findLost(position.session, found.objects);
    const { replaces = [] } = planned.graph.get(step.id);
    const { filled, unseen } = await lookInto(position.session, lost, writers);
    const databases = await findLostDatabases(position.session, found.objects);
    losses.push(
      ...lossOf({ id: step.id, replaces, filled, unseen: [...unseen, ...databases], unread: found.unread }),
    );
  }
  return losses;
}

async function findLost(session: Session, objects: Losses['objects']): Promise<LostRelation[]> {
  if (objects.length === 0) return [];
  const lost = await findLostRelations(session, objects);
  const whole = new Set(lost.flatMap(({ table, column }) => (column === undefined ? [table] : [])));
  const cascaded = await findCascaded(session, objects);
  return [...lost, ...cascaded.filter(({ table }) => !whole.has(table))];
}

interface FoundLoss extends LookedInto, Pick<Losses, 'unread'> {
  id: string;
  replaces: readonly string[];
}

/** @returns none where nothing is lost. */
function lossOf({ id, replaces, filled, unseen, unread }: FoundLoss): Loss[] {
  if (replaces.length + filled.length + unseen.length + unread.length === 0) return [];
  const of = (group: keyof Loss) => [...new Set(filled.filter((one) => groupOf(one) === group).map(nameOf))];
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

function groupOf({ how, column, isSequence }: LostRelation): keyof Loss {
  if (isSequence) return 'sequences';
  if (how === 'overwritten' || how === 'cascaded') return how;
  return column === undefined ? 'tables' : 'columns';
}

/** @returns undefined for a program. */
function downText({ graph }: Planned, { id }: Step, stored: string | undefined): string | undefined {
  const { down } = graph.get(id).files;
  if (stored === undefined && isProgram(down)) return undefined;
  return stored ?? findSqlFile(down) ?? '';
}

function unreadProgram({ graph }: Planned, { id }: Step): Pick<Losses, 'objects' | 'unread'> {
  return { objects: [], unread: [`the program ${basename(graph.get(id).files.down)}`] };
}

/** A later step may drop by its old name what an earlier one gives that name back, or with its old schema, parent or key. */
const joins = /\brename\b|\bset\s+schema\b|\battach\s+partition\b|\binherit\b|\breferences\b/i;

function nameOf({ table, column, attribute }: LostRelation): string {
  return [table, column, attribute].filter((part) => part !== undefined).join('.');
}

interface LookedInto {
  filled: LostRelation[];
  /** With the reason. */
  unseen: string[];
}

/** What is looked at is filled, empty or gone; the rest is unseen, with the server's reason. */
async function lookInto(
  session: Session,
  lost: readonly LostRelation[],
  writers: Writers,
): Promise<LookedInto> {
  const found: LookedInto = { filled: [], unseen: [] };
  const isKnown = (one: LostRelation) =>
    found.filled.some((other) => groupOf(other) === groupOf(one) && nameOf(other) === nameOf(one));
  const isReached = createReachTest(session);
  for (const relation of lost) {
    if (isKnown(relation) || !(await isReached(relation))) continue;
    const content = await contentOf(session, relation, writers);
    if (content === 'filled') found.filled.push(relation);
    else if (content !== 'empty') found.unseen.push(`${nameOf(relation)} (${content.unseen})`);
  }
  return found;
}

/** A long chain of references costs time, and most end where no row refers to those that go. */
function createReachTest(session: Session): (relation: Pick<LostRelation, 'through'>) => Promise<boolean> {
  const known = new Map<string, boolean>();
  const isReached = async ({ through }: Pick<LostRelation, 'through'>): Promise<boolean> => {
    if (!through) return true;
    const key = `${through.table} ${through.condition}`;
    const found = known.get(key) ?? ((await isReached(through)) && (await holdsRows(session, through)));
    known.set(key, found);
    return found;
  };
  return isReached;
}

async function contentOf(session: Session, relation: LostRelation, writers: Writers): Promise<Content> {
  const creators = await writers.creatorsOf(relation);
  const content = await readContent(session, relation, creators);
  if (content !== 'filled') return content;
  const others = await writers.restorersOf(relation);
  return others.length === 0 ? content : readContent(session, relation, [...creators, ...others]);
}

/** Transactions of the rolled-back migrations, as text: rows that they wrote come back with them. */
interface Writers {
  /** The one that made the table or column. Rows of what existed before may have been updated, and belong to somebody else. */
  creatorsOf(relation: LostRelation): Promise<readonly string[]>;
  /** Those that only insert; of a column that stays also those that give it values. */
  restorersOf(relation: LostRelation): Promise<readonly string[]>;
}

function createWriters(position: Position, planned: Planned): Writers {
  const recorded = once(() => findWriters(position, planned));
  const restoring = once(() => findRestoring(position, planned));
  return {
    creatorsOf: async ({ createdBy, table, column }) => {
      const ids = [...(await recorded())].flatMap(([id, writer]) => (writer === createdBy ? [id] : []));
      if (ids.length === 0) return [];
      const { restoresContent } = await restoring();
      return ids.some((id) => restoresContent(id, column ?? table)) ? [createdBy] : [];
    },
    restorersOf: async ({ how, column }) => {
      const [{ writersOf }, byId] = await Promise.all([restoring(), recorded()]);
      return writersOf(how === 'overwritten' ? column : undefined).flatMap((id) => byId.get(id) ?? []);
    },
  };
}

function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= read();
    return result;
  };
}
