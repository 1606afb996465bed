/** The screen of `plan`. */

import { describeLoss } from '../../../engine/plan/loss.js';
import type { MovePlan, PlannedStep } from '../../../engine/plan/move-plan.js';
import type { Problem } from '../../../errors.js';
import { counted, countedAre } from '../../../graph/counted.js';
import { formatLocation } from '../excerpt.js';
import type { Style } from '../style.js';
import { formatSchedule } from './schedule-text.js';

interface Screen {
  cwd: string;
  style: Style;
}

/** Every step with its number, what it comes after and why it is there; warnings; totals. */
export function formatPlan(
  { move, steps, hints, losses, appliedCount, planId, schedule }: MovePlan,
  screen: Screen,
): string {
  if (steps.length === 0) {
    const nothing = `Nothing to do: \`kat ${move}\` would change nothing\n`;
    return [nothing, ...hints.map((hint) => `${formatWarning(hint, screen).join('\n')}\n`)].join('');
  }
  const widths = {
    number: String(steps.length).length,
    id: Math.max(...steps.map(({ id }) => id.length)),
  };
  const numbers = new Map(steps.map((step, index) => [keyOf(step), index + 1]));
  return [
    screen.style.bold(
      `\`kat ${move}\` would run ${counted(steps.length, 'step')}; ${countedAre(appliedCount, 'migration')} already applied`,
    ),
    '',
    ...steps.map((step, index) => formatStep({ step, number: index + 1 }, { numbers, widths, ...screen })),
    '',
    ...losses.flatMap((loss) => [`${screen.style.red('Data loss:')} ${describeLoss(loss)}`, '']),
    ...hints.flatMap((hint) => [...formatWarning(hint, screen), '']),
    ...(schedule ? [...formatSchedule(schedule, screen), ''] : []),
    totals(steps),
    ...(planId === undefined ? [] : [`Plan id: ${planId}`]),
    '',
  ].join('\n');
}

function keyOf({ id, direction }: Pick<PlannedStep, 'id' | 'direction'>): string {
  return `${direction} ${id}`;
}

interface StepSetting extends Screen {
  numbers: ReadonlyMap<string, number>;
  widths: { number: number; id: number };
}

function formatStep(
  { step, number }: { step: PlannedStep; number: number },
  { numbers, widths, style }: StepSetting,
): string {
  const { id, direction } = step;
  const sign = direction === 'up' ? style.green('+ up  ') : style.red('- down');
  const remarks = [...reasonText(step), ...waitText(step, numbers), ...wayText(step)].join('; ');
  return `  ${String(number).padStart(widths.number)}. ${sign} ${id.padEnd(widths.id)}  ${remarks}`.trimEnd();
}

/** Obvious reasons are omitted. */
function reasonText({ reason, of }: PlannedStep): string[] {
  switch (reason) {
    case 'pending':
    case 'last':
    case 'everything':
      return [];
    case 'named':
      return ['as named'];
    case 'needed':
      return [`needed by ${of}`];
    case 'again':
      return ['again'];
    case 'later':
      return [`applied after ${of}`];
    case 'descendant':
      return [`descends from ${of}`];
    case 'edited':
      return ['edited after it was applied'];
    case 'missing':
      return ['its folder is missing'];
  }
}

function waitText({ after, direction }: PlannedStep, numbers: ReadonlyMap<string, number>): string[] {
  if (after.length === 0) return [];
  const steps = after.map((id) => numbers.get(keyOf({ id, direction })));
  return [`after ${steps.sort((a, b) => Number(a) - Number(b)).join(', ')}`];
}

function wayText({ mode, isStored }: PlannedStep): string[] {
  return [
    ...(mode === 'statements' ? ['outside of a transaction, statement by statement'] : []),
    ...(isStored ? ['with the SQL stored when it was applied'] : []),
  ];
}

function formatWarning({ message, help, location }: Problem, { cwd, style }: Screen): string[] {
  return [
    `${style.yellow('Warning:')} ${message}`,
    ...(location ? formatLocation(location, cwd).map((line) => `  ${line}`) : []),
    ...(help === undefined ? [] : [`  ${help}`]),
  ];
}

function totals(steps: readonly PlannedStep[]): string {
  const count = (isCounted: (step: PlannedStep) => boolean) => steps.filter(isCounted).length;
  const parts = [
    [count(({ direction }) => direction === 'down'), 'to roll back'],
    [count(({ direction }) => direction === 'up'), 'to apply'],
    [count(({ mode }) => mode === 'statements'), 'outside of a transaction'],
  ] as const;
  const named = parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []));
  return `Total: ${named.join(', ')}`;
}
