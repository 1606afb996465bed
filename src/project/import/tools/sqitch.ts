/** Reads a Sqitch project: sqitch.plan, deploy/ and revert/. What a change requires becomes its parents. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { reportFile, reportMarker, warn } from '../markers.js';
import { type SourceFolder, type SourceMigration, type SourceText, writtenDown } from '../source.js';
import { parsePlan, type SqitchChange, type SqitchPlan } from './sqitch-plan.js';
import { sqitchTable } from './sqitch-table.js';

export const sqitch: ImportAdapter = { read: readSqitch, table: sqitchTable };

const planFile = 'sqitch.plan';

/**
 * In the order of the plan. Changes that require nothing have no parents. The project is a part of each key, because
 * several projects may share one registry.
 */
function readSqitch(folder: SourceFolder): SourceMigration[] {
  if (!folder.files.includes(planFile)) return missingPlan(folder);
  const source = folder.read(planFile);
  if (!source) return [];
  const plan = parsePlan(folder, source);
  const keyOf = ({ key }: SqitchChange) => `${plan.project}:${key}`;
  return plan.changes.flatMap((change) => {
    const script = scriptOf(folder, plan, change);
    const up = folder.read(join('deploy', script));
    const path = join('revert', script);
    const down = existsSync(join(folder.root, path)) ? folder.read(path) : undefined;
    if (!up) return [];
    return {
      key: keyOf(change),
      label: change.key,
      name: change.key,
      number: change.plannedAt,
      parents: findParents(folder, source, plan, change).map(keyOf),
      up,
      ...writtenDown(down),
      noTransaction: false,
      ...(change.note ? { description: change.note } : {}),
    };
  });
}

function missingPlan(folder: SourceFolder): [] {
  reportFile(folder, planFile, {
    message: `there is no ${planFile} in ${folder.root}`,
    help: 'Give the folder that contains it, with deploy and revert: `top_dir` in sqitch.conf names it.',
  });
  return [];
}

/** A change that was reworked keeps its old script under the name of a tag that came before the rework. */
function scriptOf({ root }: SourceFolder, { changes }: SqitchPlan, change: SqitchChange): string {
  const at = changes.indexOf(change);
  const next = changes.findIndex(({ name }, index) => index > at && name === change.name);
  if (next < 0) return `${change.name}.sql`;
  const tags = changes.slice(at, next).flatMap((between) => between.tags);
  const names = tags.map((tag) => `${change.name}@${tag}.sql`);
  return names.find((name) => existsSync(join(root, 'deploy', name))) ?? names[0] ?? `${change.name}.sql`;
}

function findParents(
  folder: SourceFolder,
  source: SourceText,
  plan: SqitchPlan,
  change: SqitchChange,
): SqitchChange[] {
  const at = plan.changes.indexOf(change);
  const earlier = plan.changes.slice(0, at);
  const parents = earlier.filter(({ name }) => name === change.name).slice(-1);
  for (const { text, index } of change.dependencies) {
    const [, conflict, project, reference = ''] = /^(!?)(?:([^:]*):)?(.*)$/.exec(text) ?? [];
    if (conflict) {
      warn(folder, source, {
        message: `${change.key} conflicts with ${reference}: Kat has no such declaration and ignores it`,
        index,
      });
    } else if (project && project !== plan.project) {
      warn(folder, source, {
        message: `${change.key} requires ${text}, of another project: Kat ignores this`,
        help: 'Import that project into the same folder and add the parent in metadata.yaml.',
        index,
      });
    } else {
      const parent = findChange(earlier, reference);
      if (parent) parents.push(parent);
      else refuseReference(folder, source, { change, reference, index });
    }
  }
  return [...new Set(parents)];
}

/** `a` is the latest instance so far, `a@tag` the instance at the tag, `@tag` the tagged change. */
function findChange(earlier: readonly SqitchChange[], reference: string): SqitchChange | undefined {
  const [name = '', tag] = reference.split('@');
  const end = tag === undefined ? earlier.length - 1 : earlier.findIndex(({ tags }) => tags.includes(tag));
  const known = earlier.slice(0, end + 1);
  return known.findLast((change) => name === '' || change.name === name);
}

function refuseReference(
  folder: SourceFolder,
  source: SourceText,
  { change, reference, index }: { change: SqitchChange; reference: string; index: number },
): void {
  reportMarker(folder, source, {
    message: `${change.key} requires ${reference}, which is not before it in the plan`,
    help: 'Correct the plan: a change may require only earlier changes, by name or by name and tag.',
    index,
  });
}
