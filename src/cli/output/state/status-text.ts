/** Formats the output of `status`, and the words for a migration's state that other outputs share. */

import type { HalfDone, MigrationStatus } from '../../../engine/ledger/migration-status.js';
import { hasOtherSql } from '../../../engine/ledger/wrong-states.js';
import type { Status } from '../../../engine/read/status.js';
import { formatSession } from '../../../engine/session/session-text.js';
import { padText, textWidth } from '../../../graph/draw/text-width.js';
import { isNameOfGo } from '../../../graph/missing-cause.js';
import { readableDuration } from '../../../graph/readable-duration.js';
import { fitFacts } from '../fit-facts.js';
import type { Style } from '../style.js';

type Running = NonNullable<MigrationStatus['running']>;
type FailedTry = NonNullable<MigrationStatus['failed']>;

export interface StatusScreen {
  style: Style;
  /** The terminal's width; undefined if stdout is none. */
  columns: number | undefined;
}

/** Applied migrations with their times, then pending ones in the order of `up`, then those in state `gone`. */
export function formatStatus(
  { migrations, counts, missingAdvice, runners }: Status,
  screen: StatusScreen,
): string {
  const { style } = screen;
  const width = idWidth(migrations, screen);
  const section = (title: string, isIn: (migration: MigrationStatus) => boolean) => {
    const rows = migrations.filter(isIn);
    return rows.length === 0
      ? []
      : [style.bold(title), ...rows.flatMap((row) => formatRow(row, width, screen)), ''];
  };
  return [
    ...section('Applied', ({ appliedAt }) => appliedAt !== undefined),
    ...section('Pending', ({ waitsFor }) => waitsFor !== undefined),
    ...section('Gone', ({ state }) => state === 'gone'),
    ...(missingAdvice === undefined ? [] : [missingAdvice, '']),
    ...formatRunners(runners),
    totals(counts),
    '',
  ].join('\n');
}

/** The width of mark, time and duration, as in `  ✓ ` and `  2026-11-22 22:41:07 UTC  800 ms`. */
const besideId = 4 + 33;

/** A longer id has a line of its own, so that it does not push away the facts of all others. */
function idWidth(
  migrations: readonly MigrationStatus[],
  { columns = Number.POSITIVE_INFINITY }: StatusScreen,
) {
  const widths = migrations.map(({ id }) => textWidth(id));
  return Math.max(0, ...widths.filter((width) => width <= columns - besideId));
}

function formatRow(migration: MigrationStatus, width: number, { style, columns }: StatusScreen): string[] {
  const head = `  ${markOf(migration, style)} ${padText(migration.id, width)}`;
  return fitFacts([head, formatStanding(migration), ...formatStatusFindings(migration, style)], columns);
}

/** One line for each run that is under way. */
function formatRunners(runners: Status['runners']): string[] {
  const keyOf = ({ processId, work }: Status['runners'][number]) =>
    work ? `${work.client} ${work.clientPid}` : processId;
  const runs = new Map(runners.map((runner) => [keyOf(runner), runner]));
  return [...runs.values()].map((runner) => `A run is in progress: ${formatSession(runner)}`);
}

function markOf({ state, unappliedParents, halfDone, running }: MigrationStatus, style: Style): string {
  if (running) return style.cyan('▸');
  const isHalfUndone = state === 'applied' && halfDone !== undefined;
  if (state === 'missing' || state === 'gone' || unappliedParents || isHalfUndone) return style.red('!');
  return state === 'applied' ? style.green('✓') : style.yellow('•');
}

/** When it was applied and how long it took, or what it waits for, and where it stopped. */
export function formatStanding(migration: MigrationStatus): string {
  const { running, waitsFor } = migration;
  // A running migration waits for nothing.
  const state = running && waitsFor ? [] : [standingOf(migration)];
  return [...state, ...progressOf(migration)].join(', ');
}

/** The results of its attempts. */
function progressOf({ halfDone, running, failed }: MigrationStatus): string[] {
  if (running) return [formatRunning(running)];
  return [...(halfDone ? stopped(halfDone, failed) : []), ...(failed ? [formatFailed(failed)] : [])];
}

function formatRunning({ direction, since, statement, statements, client, processId }: Running): string {
  return [
    `${direction === 'up' ? 'running' : 'rolling back'}${since ? ` since ${secondsOf(since)}` : ''}`,
    ...(statement === undefined ? [] : [`statement ${statement} of ${statements}`]),
    `by ${client} (process ${processId})`,
  ].join(', ');
}

const maxErrorCharacters = 160;

function formatFailed({ direction, at, statement, error }: FailedTry): string {
  const what = direction === 'up' ? 'failed' : 'rollback failed';
  const [line = ''] = error.split('\n');
  const isCut = line.length < error.length || line.length > maxErrorCharacters;
  const where = statement === undefined ? '' : ` in statement ${statement}`;
  return `${what} ${secondsOf(at)}${where}: ${line.slice(0, maxErrorCharacters)}${isCut ? ' …' : ''}`;
}

function standingOf(migration: MigrationStatus): string {
  if (migration.state === 'gone') return 'not applied, and its folder does not exist';
  if (migration.waitsFor) return waiting(migration);
  const took = migration.isStamped ? 'stamped' : readableDuration(migration.durationMs ?? 0);
  return `${secondsOf(migration.appliedAt ?? '')}  ${took}`;
}

/** The problems of an applied migration, each in a few words. */
export function formatStatusFindings(migration: MigrationStatus, style: Style): string[] {
  const { state, isChanged, downChange } = migration;
  const { unappliedParents, replacedBy, renamedTo } = migration;
  return [
    ...(state === 'missing' ? [style.red('missing: its folder does not exist')] : []),
    ...(renamedTo === undefined ? [] : [style.red(formatRename(migration.id, renamedTo))]),
    ...(replacedBy === undefined ? [] : [`squashed into ${replacedBy}`]),
    ...(isChanged ? [formatEdit(migration, style)] : []),
    ...(downChange ? [`down.sql was ${downChange} since`] : []),
    ...(unappliedParents ? [style.red(`unordered: ${unappliedParents.join(', ')} not applied`)] : []),
  ];
}

function formatRename(id: string, renamedTo: string): string {
  return isNameOfGo(id, renamedTo)
    ? `recorded by Go's Kat for ${renamedTo}`
    : `${renamedTo} has the same SQL: was the folder renamed?`;
}

function formatEdit(migration: MigrationStatus, style: Style): string {
  return hasOtherSql(migration)
    ? style.yellow(`changed: ${migration.program ?? 'up.sql'} was edited since`)
    : 'changed: only comments and white space of up.sql were edited since';
}

/** The place where a migration without a transaction was interrupted, and its unfinished objects. */
function stopped(halfDone: HalfDone, failed: FailedTry | undefined): string[] {
  const { direction, finished, startedAt, client, mayBeRunning, invalidIndexes = [] } = halfDone;
  // Settings before it do not count as finished.
  const failedIn = failed?.direction === direction ? (failed.statement ?? 0) : 0;
  const place = `statement ${Math.max(finished + 1, failedIn)} (${direction})`;
  const begun = `started ${secondsOf(startedAt ?? '')} by ${client}, without a recorded end`;
  return [
    mayBeRunning ? `stopped in ${place} or running now` : `stopped in ${place}`,
    ...(failed || startedAt === undefined ? [] : [begun]),
    ...invalidIndexes.map(
      (name) => `left the INVALID index ${name}, which the next \`kat ${direction}\` replaces`,
    ),
  ];
}

function waiting({ waitsFor = [], blocked, rolledBackAt, isStamped }: MigrationStatus): string {
  const ready = waitsFor.length === 0 ? 'ready' : `waits for ${waitsFor.join(', ')}`;
  const wait = blocked === undefined ? ready : `blocked: ${blocked}`;
  if (isStamped) return `${wait}, stamped as not applied`;
  return rolledBackAt ? `${wait}, rolled back ${secondsOf(rolledBackAt)}` : wait;
}

/** `2026-11-22T18:00:01.123456Z` as `2026-11-22 18:00:01 UTC`. */
export function secondsOf(instant: string): string {
  return instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

function totals({ applied, pending, ...rare }: Status['counts']): string {
  return [`${applied} applied`, `${pending} pending`, ...rareCounts(rare)].join(', ');
}

/** Why `--check` fails, as a list of counts; undefined when nothing is pending or wrong. */
export function findCheckReasons({
  applied: _applied,
  pending,
  ...rare
}: Status['counts']): string | undefined {
  const reasons = [...(pending > 0 ? [`${pending} pending`] : []), ...rareCounts(rare)];
  return reasons.length > 0 ? reasons.join(', ') : undefined;
}

function rareCounts(counts: Omit<Status['counts'], 'applied' | 'pending'>): string[] {
  const { missing, changed, unordered, halfDone, running } = counts;
  const named = [
    [missing, 'missing'],
    [changed, 'changed'],
    [unordered, 'unordered'],
    [halfDone, 'half-done'],
    [running, 'running'],
  ] as const;
  return named.flatMap(([count, name]) => (count > 0 ? [`${count} ${name}`] : []));
}
