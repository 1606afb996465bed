/** Finds migrations by what a person calls them, wherever they are known: in the folder, in the tracking table, in the log. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { findMigrations, namesHeads } from '../../graph/select.js';
import { type Ledger, logTableOf, readAppliedIds } from '../ledger/ledger.js';
import { withMissing } from './plan-run.js';

/** The sources of known names. */
interface Sources {
  folder: Graph;
  session: Session;
  ledger: Ledger;
}

export interface Known {
  /** The folder's migrations, applied ones without a folder, and others that were found by name. */
  graph: Graph;
  /** Ids of what the references mean, each once. */
  ids: string[];
}

/**
 * Looks in the log only for what neither folder nor tracking table has. `head` and `heads` are those of the folder.
 * @throws KatError USAGE for a reference that means none or several.
 */
export async function findKnown(sources: Sources, references: readonly string[]): Promise<Known> {
  const applied = await readAppliedIds(sources.session, sources.ledger);
  let graph = await recall(sources, applied);
  let isComplete = false;
  const ids: string[] = [];
  for (const reference of references) {
    let found = find(reference, { folder: sources.folder, graph, applied });
    if (found instanceof KatError && !isComplete) {
      graph = await recall(sources, [...applied, ...(await readLoggedIds(sources))]);
      isComplete = true;
      found = find(reference, { folder: sources.folder, graph, applied });
    }
    if (found instanceof KatError) throw found;
    ids.push(...found);
  }
  const unique = [...new Set(ids)];
  // Migrations known only from the log have no parents or children.
  return { graph: await recall(sources, [...applied, ...unique]), ids: unique };
}

interface KnownMigrations {
  folder: Graph;
  graph: Graph;
  applied: readonly string[];
}

function find(reference: string, { folder, graph, applied }: KnownMigrations): string[] | KatError {
  try {
    const place = namesHeads(reference) ? folder : graph;
    return findMigrations(place, reference, { applied }).map(({ id }) => id);
  } catch (error) {
    if (error instanceof KatError) return error;
    throw error;
  }
}

/** The folder's graph, with those of `ids` that it does not have as the log remembers them. */
function recall({ folder, session, ledger }: Sources, ids: readonly string[]): Promise<Graph> {
  return withMissing(folder, { session, ledger, applied: [...new Set(ids)] });
}

async function readLoggedIds({ session, ledger }: Sources): Promise<string[]> {
  if (!ledger.hasLog) return [];
  const [result] = await session.execute(`SELECT DISTINCT migration FROM ${logTableOf(ledger)}`);
  return (result?.rows ?? []).map(({ migration }) => migration ?? '');
}
