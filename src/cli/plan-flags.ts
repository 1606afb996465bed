/** The flags of `plan`: those of the commands that it plans, and its own. */

import { parseAppliedList } from '../engine/plan/assumed-applied.js';
import type { PlanOptions } from '../engine/plan-options.js';
import type { KatError } from '../errors.js';
import type { Jobs } from '../project/config/config-names.js';
import type { Context } from './context.js';
import { flagError } from './flag-error.js';
import { named } from './named.js';
import { readInput } from './read-input.js';
import type { WaitFlags } from './wait-options.js';

interface MoveFlags {
  count?: number;
  to?: string[];
  all?: boolean;
  modified?: boolean;
  allowMissing?: boolean;
  jobs?: Jobs;
}

export interface PlanFlags extends MoveFlags, WaitFlags {
  applied?: string[];
  appliedFrom?: string;
  sql?: boolean;
  file?: string;
  plain?: boolean;
  singleTransaction?: boolean;
}

const listHelp = 'Name a file with one id per line, or with the output of `kat status --json`.';

/** The flags of each command that limit its range. */
const flagsOf = {
  up: ['count', 'to', 'allowMissing', 'jobs'],
  down: ['count', 'to', 'all'],
  redo: ['modified'],
  sync: ['modified'],
} as const satisfies Record<string, readonly (keyof MoveFlags)[]>;

type MoveName = keyof typeof flagsOf;

/** @throws KatError USAGE for flags of the script without `--sql`, and for `--jobs` with it. */
export function refuseLoneFlags({ sql, jobs, ...flags }: PlanFlags): void {
  if (sql && jobs !== undefined)
    throw usage('--jobs and --sql cannot be combined', 'A script runs in one session. Remove one of them.');
  if (sql) return;
  const lone = (['file', 'plain', 'singleTransaction'] as const).find((name) => flags[name] !== undefined);
  if (lone) throw usage(`${flagText(lone)} requires --sql`, 'Add --sql, or remove this flag.');
}

/**
 * What is to be planned, by the command's name and the migrations behind it.
 * @throws KatError USAGE for a flag that this command does not have.
 */
export function planOptions(
  { count, to, all, modified, allowMissing, jobs }: PlanFlags,
  operands: readonly string[],
) {
  const [name = 'up', ...of] = operands;
  const move = moveOf(name);
  const given = { count, to, all, modified, allowMissing, jobs };
  const known: readonly string[] = flagsOf[move];
  const strange = Object.entries(given).find(([flag, value]) => value !== undefined && !known.includes(flag));
  if (strange) throw strangeFlag(move, strange[0]);
  if (of.length > 0 && (move === 'up' || move === 'sync'))
    throw usage(
      `\`kat ${move}\` takes no names of migrations`,
      move === 'up' ? 'Name them with --to.' : 'Remove them.',
    );
  switch (move) {
    case 'up':
      return { move, count, to, allowMissing, jobs };
    case 'down':
      return { move, count, to: onlyTarget(to), all, of: named(of) };
    case 'redo':
      return { move, modified, of: named(of) };
    case 'sync':
      return { move, modified };
  }
}

function strangeFlag(move: MoveName, flag: string): KatError {
  const owners = Object.entries<readonly string[]>(flagsOf).filter(([, flags]) => flags.includes(flag));
  const example = `kat plan ${owners[0]?.[0]} ${flagText(flag)}`;
  return usage(
    `\`kat ${move}\` takes no ${flagText(flag)}`,
    `Remove it, or plan another command: \`${example}\`.`,
  );
}

function moveOf(name: string): MoveName {
  if (name in flagsOf) return name as MoveName;
  throw usage(
    `plan takes up, down, redo or sync, not ${JSON.stringify(name)}`,
    'Name the command before the migrations, as in `kat plan down create_posts`.',
  );
}

function onlyTarget(to: readonly string[] | undefined): string | undefined {
  if (to && to.length > 1)
    throw usage('`kat down` takes only one --to', 'Name the migration that should stay as the latest.');
  return to?.[0];
}

/**
 * The applied migrations that the user declares.
 * @throws KatError FILES_INVALID when the list cannot be read; USAGE when it is none.
 */
export function assumedApplied(
  context: Context,
  { applied, appliedFrom }: PlanFlags,
): Pick<PlanOptions, 'applied' | 'appliedIds'> {
  if (appliedFrom === undefined) return applied ? { applied } : {};
  const appliedIds = parseAppliedList(readInput(context, appliedFrom, listHelp), appliedFrom);
  return applied ? { applied, appliedIds } : { appliedIds };
}

/** `allowMissing` as it is typed. */
function flagText(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usage(message: string, help: string): KatError {
  return flagError('plan', message, help);
}
