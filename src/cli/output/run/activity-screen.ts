/** Shows running migrations: on a terminal in lines that are drawn again and again, elsewhere by a line now and then. */

import type { Activity } from '../../../engine/events.js';
import { formatElapsed } from '../../../engine/session/session-text.js';
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
  /** Forgets a migration that has ended. */
  end(id: string): void;
}

/** Where it is shown. */
export interface ActivityOutput {
  /** Replaces the lines at the bottom of the terminal; an empty text removes them. */
  draw(text: string): void;
  /** Writes a line that stays. */
  say(line: string): void;
}

/** @param isLive whether the terminal can draw lines again. */
export function createActivityScreen(
  { draw, say }: ActivityOutput,
  { mode, isLive }: { mode: ProgressMode; isLive: boolean },
): ActivityScreen {
  if (mode === 'none') return { show: () => undefined, end: () => undefined };
  return mode === 'auto' && isLive ? liveScreen(draw) : lineScreen(say);
}

/** One block of lines for each running migration. */
function liveScreen(draw: ActivityOutput['draw']): ActivityScreen {
  const blocks = new Map<string, string>();
  const estimates = perMigration(createEstimate);
  const redraw = () => draw([...blocks.values()].join('\n'));
  return {
    show: (running) => {
      const { id, number, total, runningMs } = running;
      const facts = activityFacts(running, estimates.of(id)(running));
      const head = `▸ ${id}  [${number}/${total}]  ${formatElapsed(runningMs)}`;
      blocks.set(id, [head, ...facts.map((fact) => `  ${fact}`)].join('\n'));
      redraw();
    },
    end: (id) => {
      estimates.forget(id);
      if (blocks.delete(id)) redraw();
    },
  };
}

function lineScreen(say: ActivityOutput['say']): ActivityScreen {
  const estimates = perMigration(createEstimate);
  const schedules = perMigration(createSchedule);
  return {
    show: (running) => {
      const { id, runningMs } = running;
      const facts = activityFacts(running, estimates.of(id)(running));
      if (!schedules.of(id)(running)) return;
      say(`  ${[`${id} runs for ${formatElapsed(runningMs)}`, ...facts].join('; ')}`);
    },
    end: (id) => {
      estimates.forget(id);
      schedules.forget(id);
    },
  };
}

function perMigration<T>(create: () => T): { of(id: string): T; forget(id: string): void } {
  const known = new Map<string, T>();
  return {
    of: (id) => {
      const value = known.get(id) ?? create();
      known.set(id, value);
      return value;
    },
    forget: (id) => void known.delete(id),
  };
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
  return ({ statement, runningMs, progress }) => {
    const key = `${statement} ${progress?.phase}`;
    const { done, total } = progress ?? {};
    if (key !== phase || runningMs < first.atMs) first = { done: done ?? 0, atMs: runningMs };
    phase = key;
    const measuredMs = runningMs - first.atMs;
    if (done === undefined || total === undefined || measuredMs < leastMeasuredMs || done <= first.done)
      return undefined;
    return ((total - done) / (done - first.done)) * measuredMs;
  };
}
