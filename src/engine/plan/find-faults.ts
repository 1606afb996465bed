/** Finds where the records of a database and the migrations folder are out of line. */

import type { Graph } from '../../graph/graph.js';
import { findHalfReplaced, withoutReplaced } from '../../graph/replaced.js';
import { present } from '../../present.js';
import { findSqlFile } from '../../project/folder/load.js';
import { findUpEdit } from '../ledger/edited.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import {
  type Remembered,
  type RememberedFacts,
  readRemembered,
  readRememberedFacts,
} from '../ledger/logged-migrations.js';
import { findContained } from './contained.js';
import { type DatabaseState, type Stop, withMissing } from './plan-run.js';

/** The place where a `no_transaction` migration stopped, in its file. */
interface StopInFile extends Stop {
  /** The number of the unfinished statement, counted from 1; without settings before it where the file cannot be read. */
  number: number;
  /** How many the file has; undefined where it cannot be read, as what follows. */
  statements?: number;
  /** The unfinished statement, as in the current file. */
  statement?: string;
  /** The line of the file that it begins in. */
  line?: number;
}

/**
 * `changed`: its up.sql was edited after it was applied, `onlyComments` or more; `mayContain`: what ran may have had the SQL of
 * these pending migrations. `missing`: applied, but without a folder; `replacedBy` is a squashed migration that cannot run before
 * all that it replaces is applied.
 */
export type Fault =
  | { id: string; problem: 'changed'; onlyComments?: true; mayContain?: readonly string[] }
  | { id: string; problem: 'missing'; replacedBy?: string }
  | { id: string; problem: 'half done'; stop: StopInFile };

export interface Faults {
  /** The folder's graph with whatever else the database knows. */
  graph: Graph;
  /** In the order in which they were applied, half-done ones last. */
  faults: readonly Fault[];
  /** Of half-done ones that are applied. */
  remembered: ReadonlyMap<string, Remembered>;
}

/**
 * Changes nothing. What is half done shows as nothing else, because its journal must be settled first.
 * @throws KatError FILES_INVALID when an up.sql can't be read.
 */
export async function findFaults(folder: Graph, state: DatabaseState): Promise<Faults> {
  const { session, ledger, applied } = state;
  const halfDone = ledger.hasLog ? await readHalfDone(session, logTableOf(ledger)) : new Map<string, Stop>();
  const isApplied = new Set(applied);
  const stopped = [...halfDone].filter(([id, { direction }]) => isApplied.has(id) === (direction === 'down'));
  const begun = stopped.map(([id]) => id).filter((id) => !isApplied.has(id));
  const here = withoutReplaced(folder, applied);
  const facts = await readRememberedFacts(session, ledger, here);
  const isHalfDone = new Set(stopped.map(([id]) => id));
  const graph = await withMissing(folder, { ...state, applied: [...here, ...begun] });
  const remembered = await readRemembered(
    session,
    ledger,
    stopped.map(([id]) => id),
  );
  const half = new Map(
    findHalfReplaced(folder, isApplied).flatMap((one) => one.applied.map((id) => [id, one.id] as const)),
  );
  const found = here
    .filter((id) => !isHalfDone.has(id))
    .flatMap((id) =>
      findFault(folder, id, {
        isApplied: (one) => isApplied.has(one),
        ran: facts.get(id),
        replacedBy: half.get(id),
      }),
    );
  const stops = await Promise.all(stopped.map(([id, stop]) => findStopInFile({ graph, session }, id, stop)));
  return { graph, faults: [...found, ...stops], remembered };
}

function findFault(
  folder: Graph,
  id: string,
  found: {
    isApplied: (id: string) => boolean;
    ran: RememberedFacts | undefined;
    replacedBy: string | undefined;
  },
): Fault[] {
  if (!folder.has(id)) return [{ id, problem: 'missing', ...present({ replacedBy: found.replacedBy }) }];
  const edit = findUpEdit(folder.get(id), found.ran);
  if (!edit) return [];
  const mayContain = findContained(folder, id, found);
  return [
    {
      ...{ id, problem: 'changed' },
      ...(edit === 'comments' ? { onlyComments: true } : {}),
      ...(mayContain.length > 0 ? { mayContain } : {}),
    },
  ];
}

async function findStopInFile(
  { graph, session }: Pick<DatabaseState, 'session'> & { graph: Graph },
  id: string,
  { direction, finished }: Stop,
): Promise<Fault> {
  const { files, isMissing } = graph.get(id);
  const text = isMissing ? undefined : findSqlFile(files[direction]);
  const statements = text === undefined ? undefined : await takeApart(text, session);
  const { stoppedIndex } = await import('../../sql/transactions/statement-modes.js');
  const index = statements ? stoppedIndex(statements, finished) : finished;
  const next = statements?.[index];
  return {
    id,
    problem: 'half done',
    stop: {
      direction,
      finished,
      number: index + 1,
      ...(statements ? { statements: statements.length } : {}),
      ...(next ? { statement: next.text, line: next.line } : {}),
    },
  };
}

/** @returns undefined for what is too long, or no SQL any more. */
async function takeApart(text: string, { literals, sqlite }: DatabaseState['session']) {
  if (sqlite) return takeSqliteApart(text);
  const { loadParser, maxParsedBytes, parseStatements } = await import('../../sql/syntax/parse.js');
  if (Buffer.byteLength(text) > maxParsedBytes) return undefined;
  return parseStatements(await loadParser(literals), text).statements;
}

async function takeSqliteApart(
  text: string,
): Promise<{ text: string; line: number; kind?: never; node?: never }[]> {
  const { splitSqliteMigration } = await import('../../connections/sqlite/split-statements.js');
  return splitSqliteMigration(text).map((statement) => ({
    text: statement.text,
    line: text.slice(0, statement.start).split('\n').length,
  }));
}
