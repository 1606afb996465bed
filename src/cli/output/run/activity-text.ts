/** Formats what a running migration does: how far it is, whom it waits for, and who waits for it. */

import type {
  Activity,
  ServerSession,
  StatementProgress,
  UsedTable,
  WaitingSession,
} from '../../../engine/events.js';
import { formatElapsed, isPrepared } from '../../../engine/session/session-text.js';

/** One fact a line. @param leftMs about how long the phase still takes, if that is known */
export function activityFacts(activity: Omit<Activity, 'runningMs'>, leftMs: number | undefined): string[] {
  const { progress, table, blockers, waiting } = activity;
  return [
    ...workFact(activity),
    ...(progress ? [phaseFact(progress, leftMs)] : []),
    ...(table ? [tableFact(table)] : []),
    ...blockers.slice(0, mostNamed).map((session) => `waits for ${describeSession(session)}`),
    ...(waiting.length > 0 ? [waitingFact(waiting)] : []),
  ];
}

const mostNamed = 3;

function workFact({ statement, statements, progress }: Omit<Activity, 'runningMs'>): string[] {
  const place = statement === undefined ? [] : [`statement ${statement} of ${statements}`];
  if (!progress) return place;
  const { command, relation } = progress;
  return [[...place, `${command}${relation === undefined ? '' : ` on ${relation}`}`].join(' · ')];
}

function phaseFact(
  { phase, done, total, unit, lockerProcessId }: StatementProgress,
  leftMs?: number,
): string {
  const locker = lockerProcessId === undefined ? '' : `, process ${lockerProcessId}`;
  if (done === undefined || total === undefined) return `${phase}${locker}`;
  const count = unit === 'bytes' ? formatBytes : formatCount;
  const share = Math.min(1, done / total);
  const left = leftMs === undefined ? '' : `, about ${formatElapsed(leftMs)} left`;
  return `${phase}  ${formatBar(share)} ${Math.floor(share * 100)} % (${count(done)} of ${count(total)}${unit === 'bytes' ? '' : ` ${unit}`})${locker}${left}`;
}

const barWidth = 10;

function formatBar(share: number): string {
  const full = Math.floor(share * barWidth);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

function tableFact({ name, rows, bytes }: UsedTable): string {
  return `holds a lock on ${name} (about ${formatCount(rows)} rows, ${formatBytes(bytes)})`;
}

function waitingFact(waiting: readonly WaitingSession[]): string {
  const longest = waiting[0]?.waitedMs;
  const who = waiting.length === 1 ? '1 session waits for it' : `${waiting.length} sessions wait for it`;
  const since = longest === undefined ? '' : `, the longest for ${formatElapsed(longest)}`;
  const more = waiting.length > mostNamed ? `, and ${waiting.length - mostNamed} more` : '';
  return `${who}${since}: ${waiting.slice(0, mostNamed).map(nameOf).join(', ')}${more}`;
}

function nameOf({ applicationName, user, processId }: ServerSession): string {
  return `${applicationName ?? user ?? 'a session'} (process ${processId})`;
}

/** Who it is, and what it does since when. */
export function describeSession(session: ServerSession): string {
  const { applicationName, user, processId, state, transactionMs } = session;
  const name = applicationName ?? user ?? 'a session';
  const age = transactionMs === undefined ? '' : ` for ${formatElapsed(transactionMs)}`;
  if (isPrepared(session)) return `${name}${age}`;
  const details = [`process ${processId}`, ...(state ? [`${state}${age}`] : [])];
  return `${name} (${details.join(', ')})`;
}

/** `9999`, `12.3 k`, `20.1 M`. */
function formatCount(count: number): string {
  return formatScaled(count, 1_000, ['', ' k', ' M', ' G']);
}

function formatBytes(bytes: number): string {
  return formatScaled(bytes, 1_024, [' bytes', ' kB', ' MB', ' GB', ' TB']);
}

function formatScaled(value: number, step: number, units: readonly [string, ...string[]]): string {
  let [scaled, index] = [value, 0];
  while (scaled >= step * 10 && index < units.length - 1) [scaled, index] = [scaled / step, index + 1];
  return `${index === 0 ? scaled : scaled.toFixed(1)}${units[index]}`;
}
