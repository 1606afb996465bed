/** Looks whether what a rollback takes away holds something that nothing brings back. */

import type { Session } from '../../connections/driver.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LostRelation } from './find-lost.js';
import { findRestoring } from './find-restoring.js';
import { findWriters } from './find-writers.js';
import type { Loss } from './loss.js';
import type { Watched } from './loss-guard.js';
import type { PlannedMove } from './plan-run.js';
import { type Content, holdsRows, readContent } from './read-content.js';

/** In which list of a `Loss` it is. */
export function lossListOf({ how, column, isSequence }: LostRelation): keyof Loss {
  if (isSequence) return 'sequences';
  if (how === 'overwritten' || how === 'cascaded') return how;
  return column === undefined ? 'tables' : 'columns';
}

/** As a `Loss` has it. */
export function lostName({ table, column, attribute }: LostRelation): string {
  return [table, column, attribute].filter((part) => part !== undefined).join('.');
}

/** What was found. */
export interface LookedInto {
  filled: LostRelation[];
  /** With the reason. */
  unseen: string[];
  /** What holds nothing yet, or was locked at this moment. */
  watched: Watched[];
}

/** What is looked at is filled, empty or gone; the rest is unseen, with the server's reason. */
export async function lookInto(
  session: Session,
  lost: readonly LostRelation[],
  writers: Writers,
): Promise<LookedInto> {
  const found: LookedInto = { filled: [], unseen: [], watched: [] };
  const isKnown = (one: LostRelation) =>
    found.filled.some((other) => lossListOf(other) === lossListOf(one) && lostName(other) === lostName(one));
  const isReached = createReachTest(session);
  for (const relation of lost) {
    if (isKnown(relation) || !(await isReached(relation))) continue;
    const content = await contentOf(session, relation, writers);
    if (content === 'filled') found.filled.push(relation);
    else if ('unseen' in content) found.unseen.push(`${lostName(relation)} (${content.unseen})`);
    if (content !== 'filled' && content.query !== undefined)
      found.watched.push({ ...lockOf(relation), name: lostName(relation), query: content.query });
  }
  return found;
}

/** Rows of a table that stays may be read meanwhile. */
function lockOf({ table, how, isLockable }: LostRelation): Pick<Watched, 'lock'> {
  if (!isLockable) return {};
  const mode = how === 'dropped' || how === 'emptied' ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE';
  return { lock: `LOCK TABLE ${table} IN ${mode} MODE` };
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
export interface Writers {
  /** The one that made the table or column. Rows of what existed before may have been updated, and belong to somebody else. */
  creatorsOf(relation: LostRelation): Promise<readonly string[]>;
  /** Those that only insert; of a column that stays also those that give it values. */
  restorersOf(relation: LostRelation): Promise<readonly string[]>;
  /** Reads them now, while the migrations are applied. */
  remember(): Promise<void>;
}

export function createWriters(
  position: { session: Session; ledger: Ledger },
  planned: Pick<PlannedMove, 'plan' | 'graph'>,
): Writers {
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
    remember: async () => void (await recorded()),
  };
}

function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= read();
    return result;
  };
}
