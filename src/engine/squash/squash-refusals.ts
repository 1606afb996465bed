/** Explains why a set of migrations cannot be squashed. */

import { KatError } from '../../errors.js';
import { countedAre } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { isProgram } from '../../graph/migration.js';
import { withoutReplaced } from '../../graph/replaced.js';
import type { SquashSet } from '../../graph/squash.js';
import { findUncommitted } from '../../project/git/uncommitted.js';

/** @throws KatError USAGE when git could not bring the members' folders back. */
export async function refuseUncommitted(directory: string, { members }: SquashSet): Promise<void> {
  const found = await findUncommitted(
    directory,
    members.map(({ id }) => id),
  );
  if ('reason' in found) {
    throw new KatError('USAGE', `git cannot restore the old folders: ${found.reason}`, {
      help: 'Commit the migrations to git, or add --force if you have another copy.',
    });
  }
  if (found.folders.length === 0) return;
  throw new KatError(
    'USAGE',
    `git cannot restore all folders: ${countedAre(found.folders.length, 'folder')} not committed`,
    {
      problems: found.folders.map((id) => ({
        message: `${id} has files that are not committed`,
        migration: id,
      })),
      help: 'Commit them first. With --force, uncommitted files are lost.',
    },
  );
}

/** @throws KatError USAGE when a member is a program, which cannot be joined with SQL. */
export function refuseProgramMembers({ members }: SquashSet): void {
  const programs = members.filter(({ files }) => isProgram(files.up) || isProgram(files.down));
  if (programs.length === 0) return;
  throw new KatError('USAGE', 'programs cannot be squashed', {
    problems: programs.map(({ id }) => ({ message: `${id} has a program`, migration: id })),
    help: 'Squash up to a migration before them, or write them in SQL.',
  });
}

/**
 * The schema must be what the members made, and nothing else.
 * @param applied ids, as the tracking table has them.
 * @throws KatError USAGE
 */
export function refuseOthers(graph: Graph, { members, target }: SquashSet, applied: readonly string[]): void {
  const here = new Set(withoutReplaced(graph, applied));
  const lacking = members.filter(({ id }) => !here.has(id)).map(({ id }) => id);
  const wanted = new Set(members.map(({ id }) => id));
  const extra = [...here].filter((id) => !wanted.has(id));
  if (lacking.length === 0 && extra.length === 0) return;
  const problems = [
    ...(lacking.length > 0 ? [{ message: `not applied: ${listIds(lacking)}` }] : []),
    ...(extra.length > 0 ? [{ message: `also applied: ${listIds(extra)}` }] : []),
  ];
  throw new KatError('USAGE', `this database does not have exactly ${target.id} and its ancestors applied`, {
    problems,
    help: `Run \`kat up --to ${target.id}\` on an empty database, and dump that database.`,
  });
}
