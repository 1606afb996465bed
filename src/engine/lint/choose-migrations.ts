/** Decides which migrations are linted, and which of the others are applied before them. */

import type { Driver } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { compareMigrations } from '../../graph/migration.js';
import { withoutReplaced } from '../../graph/replaced.js';
import { findMigrations } from '../../graph/select.js';
import { loadBaseMigrations } from '../../project/git/base-migrations.js';
import { findBase } from '../../project/git/find-base.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readAppliedIds } from '../ledger/ledger.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import type { ChangedBase } from './read-base.js';
import type { LintOptions } from './result.js';

/** Ids of migrations. */
export interface ChosenMigrations {
  linted: ReadonlySet<string>;
  /** Those that are to be applied in one go: what one of them creates is new to the others. */
  together: ReadonlySet<string>;
  /** How the database that was asked reads plain string literals; absent where none was asked. */
  literals?: Literals;
  /** Migrations of the commit that the folder lacks or has changed; absent if there are none. */
  base?: ChangedBase;
}

/** How the database can be asked what is pending. */
export interface LintPlace extends ShortSessionOptions {
  directory: string;
  tableName: string;
  getDriver(): Promise<Driver>;
}

/** @throws KatError USAGE for options that exclude each other, a migration or revision that is not there. */
export async function chooseMigrations(
  place: LintPlace,
  graph: Graph,
  { of = [], pending = false, gitBase }: LintOptions,
): Promise<ChosenMigrations> {
  if ([of.length > 0, pending, gitBase !== undefined].filter(Boolean).length > 1) throw contradiction();
  if (of.length > 0) {
    const named = of.flatMap((reference) => findMigrations(graph, reference).map(({ id }) => id));
    return { linted: new Set(named), together: new Set() };
  }
  if (pending) return findPending(place, graph);
  if (gitBase !== undefined) return findAdded(place.directory, graph, gitBase);
  return { linted: new Set(graph.migrations.map(({ id }) => id)), together: new Set() };
}

async function findPending(place: LintPlace, graph: Graph): Promise<ChosenMigrations> {
  const { onEvent, signal, tableName } = place;
  const { applied, literals } = await withSession(
    await place.getDriver(),
    'kat lint',
    { onEvent, signal },
    async (session) => ({
      applied: await readAppliedIds(session, await findLedger(session, tableName)),
      literals: session.literals,
    }),
  );
  const known = new Set(withoutReplaced(graph, applied));
  const ids = new Set(graph.migrations.filter(({ id }) => !known.has(id)).map(({ id }) => id));
  return { linted: ids, together: ids, literals };
}

/** Tables of the base are in use, even if the branch edited, renamed or deleted their migrations. */
async function findAdded(directory: string, graph: Graph, revision: string): Promise<ChosenMigrations> {
  const found = await findBase(directory, revision);
  if (!('commit' in found)) throw new KatError('USAGE', found.reason, { help: found.help });
  const before = await loadBaseMigrations(directory, found.commit);
  const inBase = new Set(before.map(({ id }) => id));
  const unchanged = new Set(before.filter(({ files }) => files.up?.isSame === true).map(({ id }) => id));
  const ids = graph.migrations.map(({ id }) => id);
  return {
    linted: new Set(ids.filter((id) => !unchanged.has(id))),
    together: new Set(ids.filter((id) => !inBase.has(id))),
    ...(unchanged.size < before.length ? { base: { migrations: before, directory } } : {}),
  };
}

/** @throws KatError CONFIG_INVALID when `startAfter` names no single migration. */
export function leaveOutOld(
  chosen: ChosenMigrations,
  graph: Graph,
  { startAfter }: Pick<LintPolicy, 'startAfter'>,
): ChosenMigrations {
  if (startAfter === undefined) return chosen;
  const last = findStart(graph, startAfter);
  const isOld = (id: string) => compareMigrations(graph.get(id), last) <= 0;
  return { ...chosen, linted: new Set([...chosen.linted].filter((id) => !isOld(id))) };
}

function findStart(graph: Graph, startAfter: string) {
  // A timestamp may be that of a migration that was squashed since.
  if (/^\d+$/.test(startAfter)) return { timestamp: startAfter, id: '\uffff' };
  try {
    return findMigrations(graph, startAfter)[0] as { timestamp: string; id: string };
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    throw new KatError('CONFIG_INVALID', `\`lint.start_after\`: ${error.message}`, {
      help: 'Write the timestamp of the last migration that lint should skip.',
    });
  }
}

function contradiction(): KatError {
  return new KatError('USAGE', 'migrations, --pending and --git-base cannot be combined', {
    help: 'Use only one of them.',
  });
}
