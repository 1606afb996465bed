/** Formats the predicted schedule of a run with several sessions. */

import type { PlacedDeed, PlanSchedule, StepApart } from '../../../engine/plan/plan-schedule.js';
import { counted } from '../../../graph/counted.js';
import { shortPath } from '../excerpt.js';

/** The lanes with their steps, the critical path, and what keeps steps apart. */
export function formatSchedule(
  { jobs, width, lanes, criticalPath, apart }: PlanSchedule,
  { cwd }: { cwd: string },
): string[] {
  const number = String(lanes.length).length;
  return [
    `With ${counted(jobs, 'session')}: at most ${counted(width, 'step')} can run at the same time`,
    ...lanes.map(
      (lane, index) => `  session ${String(index + 1).padStart(number)}: ${listSteps(lane, ', ')}`,
    ),
    `Longest chain: ${counted(criticalPath.length, 'step')}: ${listSteps(criticalPath, ' > ')}`,
    ...(apart.length === 0 ? [] : ['Kept apart:']),
    ...apart.flatMap((step) => formatApart(step, cwd)),
  ];
}

const mostSteps = 20;

function listSteps(ids: readonly string[], separator: string): string {
  const left = ids.length - mostSteps;
  const shown = ids.slice(0, mostSteps).join(separator);
  return left > 0 ? `${shown}${separator}and ${left} more` : shown;
}

/** Such as `takes a SHARE lock on users (migrations/1_a/up.sql:3)`, of both steps. */
function formatApart({ own, other, others }: StepApart, cwd: string): string[] {
  if (!other) return [`  ${own.id} runs alone: ${deedText(own, cwd)}`];
  const further = others > 0 ? `, nor beside ${others} more` : '';
  return [
    `  ${own.id} not beside ${other.id}${further}`,
    `    ${own.id} ${deedText(own, cwd)}`,
    `    ${other.id} ${deedText(other, cwd)}`,
  ];
}

function deedText({ words, location }: PlacedDeed, cwd: string): string {
  return `${words} (${shortPath(location.file, cwd)}:${location.line})`;
}
