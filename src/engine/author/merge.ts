/** Joins heads of the graph by a migration that changes nothing, for those who want a single head. */

import { KatError, type Problem } from '../../errors.js';
import { type Finding, problemsOf } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { type NewSql, writeMigration } from '../../project/folder/write.js';
import type { AddedMigration } from './add-migration.js';
import { findHeadConflicts } from './head-conflicts.js';

export interface MergeOptions {
  /** The heads to join, named as on the command line; default all of them. */
  of?: readonly string[] | undefined;
  /** Default made of the names of what it joins. */
  name?: string | undefined;
  /** Joins heads with conflicts, too. */
  force?: boolean | undefined;
}

export interface MergeResult {
  /** Ids of the heads that were joined; of the only one, or none, when there was nothing to join. */
  heads: readonly string[];
  /** Undefined when there was nothing to join. */
  added: AddedMigration | undefined;
  /** Conflicts between the heads, as `kat check` finds them; undefined on SQLite, whose SQL Kat cannot compare. */
  findings: readonly Finding[] | undefined;
}

/** The migrations folder. */
interface MergePlace {
  directory: string;
  /** Receives what is in the folder and not read. */
  onStray(problem: Problem): void;
  isSqlite: boolean;
}

/**
 * Writes an empty migration that follows the heads.
 * @throws KatError USAGE when what is named is not a head, or is only one; HEADS_CONFLICT; when the graph is not valid, or the disk refuses.
 */
export async function mergeHeads(
  { directory, onStray, isSqlite }: MergePlace,
  { of = [], name, force = false }: MergeOptions = {},
): Promise<MergeResult> {
  const graph = buildGraph(await loadMigrations(directory, onStray));
  const heads = of.length > 0 ? findHeads(graph, of) : graph.heads;
  const ids = heads.map(({ id }) => id);
  if (heads.length < 2) return { heads: ids, added: undefined, findings: [] };
  const findings = isSqlite ? undefined : await findHeadConflicts(graph, ids);
  if (findings && !force) refuseErrors(findings);
  const { id, parents, files } = writeMigration(directory, {
    name: name ?? nameOf(heads),
    parents: ids,
    description: `Joins ${listIds(heads.map((head) => head.name))}.`,
    sql: emptyOnPurpose,
    now: Math.floor(Date.now() / 1000),
  });
  return { heads: ids, added: { id, parents, files }, findings };
}

/** @throws KatError HEADS_CONFLICT with every error. */
function refuseErrors(findings: readonly Finding[]): void {
  const problems = problemsOf(findings);
  if (problems.length === 0) return;
  const conflicts = counted(problems.length, 'conflict');
  throw new KatError('HEADS_CONFLICT', `the heads were not joined: ${conflicts} between them`, {
    problems,
    help: 'Follow the advice below each conflict (`kat deps --fix` adds all these parents), and run `kat merge` again. `kat merge --force` joins the heads anyway: databases can then end with different schemas.',
  });
}

const emptyOnPurpose: NewSql = {
  up: '-- Empty on purpose: this migration only joins its parents into one head of the graph.\n',
  down: '-- Empty on purpose: there is nothing to roll back.\n',
};

/** With timestamp and folder, the path of its files then fits into 80 columns. */
const longestName = 40;

function nameOf(heads: readonly Migration[]): string {
  const name = `merge_${heads.map((head) => head.name).join('_and_')}`;
  return name.length > longestName ? `merge_${heads.length}_heads` : name;
}

function findHeads(graph: Graph, references: readonly string[]): readonly Migration[] {
  const named = new Set(references.flatMap((reference) => findMigrations(graph, reference)));
  const inner = [...named].filter((migration) => !graph.heads.includes(migration));
  const heads = graph.heads.filter((head) => named.has(head));
  if (inner.length === 0 && (heads.length > 1 || graph.heads.length === 1)) return heads;
  const all = listIds(graph.heads.map(({ id }) => id));
  const [first] = inner;
  throw first
    ? new KatError('USAGE', `${first.id} is not a head: another migration has it as a parent`, {
        help: `Name heads: ${all}.`,
      })
    : new KatError('USAGE', 'a merge needs at least two heads', { help: `Name at least two of ${all}.` });
}
