/** The plan of a change of the migrations folder, as it is written down beside what the change brings. */

import { existsSync, readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';

/** `new`: a folder that is not there yet. `folder`, `file`: it takes the place of one. */
type PutKind = 'new' | 'folder' | 'file';

/** The steps of a change, by paths from the migrations folder. Can be written as JSON. */
export interface ChangePlan {
  /** The command that makes the change. */
  command: string;
  host: string;
  process: number;
  /** ISO 8601 in UTC. */
  since: string;
  /** The new files and folders. */
  put: readonly { path: string; kind: PutKind }[];
  /** Folders that go. */
  remove: readonly string[];
  /** Ids: if the tracking table has one of them, the change was recorded, and belongs into place. */
  recorded: readonly string[];
}

/** The outcome of a change whose command ends early: nothing of a staged change is in place yet. */
type ChangeStage = 'staged' | 'committed';

/** The hidden folder that holds an unfinished change. */
export const changeFolder = '.kat-change';

/** The paths of its parts. */
export function changePaths(root: string) {
  const folder = join(root, changeFolder);
  return {
    folder,
    added: join(folder, 'new'),
    former: join(folder, 'old'),
    staged: join(folder, 'staged.json'),
    committed: join(folder, 'committed.json'),
  };
}

/**
 * The plan of the change that is unfinished here, if there is one.
 * @returns undefined where there is no plan, or none that Kat wrote: then nothing was moved.
 */
export function readChange(root: string): { plan: ChangePlan; stage: ChangeStage } | undefined {
  const paths = changePaths(root);
  const stage = existsSync(paths.committed) ? 'committed' : 'staged';
  try {
    const plan: unknown = JSON.parse(readFileSync(paths[stage], 'utf8'));
    return isPlan(plan) ? { plan, stage } : undefined;
  } catch {
    return undefined;
  }
}

/** The folder may have come with a clone: no path of it may lead elsewhere. */
function isPlan(value: unknown): value is ChangePlan {
  if (typeof value !== 'object' || value === null) return false;
  const { command, host, since, put, remove, recorded } = value as Partial<Record<string, unknown>>;
  return (
    [command, host, since].every((text) => typeof text === 'string') &&
    [put, remove, recorded].every(Array.isArray) &&
    (put as unknown[]).every((one) => isInside(Reflect.get(Object(one), 'path'))) &&
    (remove as unknown[]).every(isInside)
  );
}

function isInside(path: unknown): boolean {
  if (typeof path !== 'string') return false;
  const plain = normalize(path);
  return plain !== '.' && !plain.startsWith(sep) && plain.split(sep)[0] !== '..' && !plain.includes(':');
}
