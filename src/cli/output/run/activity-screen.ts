/** Shows running migrations: on a terminal in lines that are drawn again and again, elsewhere by a line now and then. */

import type { Activity } from '../../../engine/events.js';
import { formatElapsed } from '../../../engine/session/server-sessions.js';
import { activityFacts } from './activity-text.js';

export type ProgressMode = 'auto' | 'lines' | 'none';

export const progressModes: readonly ProgressMode[] = ['auto', 'lines', 'none'];

/** What is running. */
interface Running extends Activity {
  id: string;
  /** Its number in the plan, counted from 1, and of how many. */
  number: number;
  total: number;
}

export interface ActivityScreen {
  show(running: Running): void;
}

/** Where it is shown. */
export interface ActivityOutput {
  /** Replaces the lines at the bottom of the terminal. */
  draw(text: string): void;
  /** Writes a line that stays. */
  say(line: string): void;
}

/** @param isLive whether the terminal can draw lines again. */
export function createActivityScreen(
  { draw, say }: ActivityOutput,
  { mode, isLive }: { mode: ProgressMode; isLive: boolean },
): ActivityScreen {
  const estimate = createEstimate();
  const isDue = createSchedule();
  const showLive = (running: Running) => {
    const { id, number, total, runningMs } = running;
    const facts = activityFacts(running, estimate(running));
    draw(
      [
        `▸ ${id}  [${number}/${total}]  ${formatElapsed(runningMs)}`,
        ...facts.map((fact) => `  ${fact}`),
      ].join('\n'),
    );
  };
  const showLine = (running: Running) => {
    const facts = activityFacts(running, estimate(running));
    if (!isDue(running)) return;
    say(`  ${[`${running.id} runs for ${formatElapsed(running.runningMs)}`, ...facts].join('; ')}`);
  };
  if (mode === 'none') return { show: () => undefined };
  return { show: mode === 'auto' && isLive ? showLive : showLine };
}

const minuteMs = 60_000;

/** After 10 and 30 seconds and a minute, then once a minute. */
function createSchedule(): (running: Running) => boolean {
  let saidMs = 0;
  return ({ runningMs }) => {
    if (runningMs < saidMs) saidMs = 0;
    const dueMs = [10_000, 30_000, minuteMs].find((ms) => ms > saidMs) ?? saidMs + minuteMs;
    if (runningMs < dueMs) return false;
    saidMs = runningMs;
    return true;
  };
}

/** A rate that was measured for a shorter time says little. */
const leastMeasuredMs = 2_000;

/** By the rate since the phase was first seen. @returns milliseconds; undefined without a count or a rate. */
function createEstimate(): (running: Running) => number | undefined {
  let phase = '';
  let first = { done: 0, atMs: 0 };
  return ({ id, statement, runningMs, progress }) => {
    const key = `${id} ${statement} ${progress?.phase}`;
    const { done, total } = progress ?? {};
    if (key !== phase || runningMs < first.atMs) first = { done: done ?? 0, atMs: runningMs };
    phase = key;
    const measuredMs = runningMs - first.atMs;
    if (done === undefined || total === undefined || measuredMs < leastMeasuredMs || done <= first.done)
      return undefined;
    return ((total - done) / (done - first.done)) * measuredMs;
  };
}
