/** Formats the result of `kat doctor`: a line for each check, and what to do below it. */

import type { DoctorCheck, DoctorResult } from '../../../engine/doctor/result.js';
import { counted } from '../../../graph/counted.js';
import type { Style } from '../style.js';

const nameWidth = 'tracking table'.length;
const outcomeWidth = 'warning'.length;
const gap = '  ';

export function doctorText({ checks }: DoctorResult, style: Style): string {
  const errors = checks.filter(({ outcome }) => outcome === 'error').length;
  const warnings = checks.filter(({ outcome }) => outcome === 'warning').length;
  const summary = `${counted(checks.length, 'check')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return `${checks.flatMap((check) => checkLines(check, style)).join('\n')}\n\n${summary}\n`;
}

function checkLines({ name, outcome, message, help }: DoctorCheck, style: Style): string[] {
  const word = colourOf(outcome, style)(outcome.padEnd(outcomeWidth));
  const indent = ' '.repeat(outcomeWidth + nameWidth + 2 * gap.length);
  return [`${word}${gap}${name.padEnd(nameWidth)}${gap}${message}`, ...(help ? [`${indent}${help}`] : [])];
}

function colourOf(outcome: DoctorCheck['outcome'], style: Style): (text: string) => string {
  const colours = { ok: style.green, warning: style.yellow, error: style.red, skipped: style.dim };
  return colours[outcome];
}
