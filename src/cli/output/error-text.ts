/** Formats an error: the fact, its place, and the solution. */

import {
  type ErrorCode,
  type KatError,
  MigrationError,
  type Problem,
  type ServerReport,
  SqlError,
  type UnfinishedSteps,
} from '../../errors.js';
import { formatLocation } from './excerpt.js';
import type { Style } from './style.js';

export interface ErrorSetting {
  cwd: string;
  style: Style;
  /** Whether a person reads it, whom a command for more may help. */
  isTerminal: boolean;
}

/** The text of an error, for stderr. */
export function formatError(error: KatError, setting: ErrorSetting): string {
  const lines = linesOf(error, setting);
  if (error.help) lines.push('', error.help);
  if (setting.isTerminal && !saysAll.includes(error.code))
    lines.push('', setting.style.dim(`More about this error: kat explain ${error.code}`));
  return `${lines.join('\n')}\n`;
}

/** Errors whose messages are as long as their explanations. */
const saysAll: readonly ErrorCode[] = ['USAGE', 'CANCELLED'];

function linesOf(error: KatError, setting: ErrorSetting): string[] {
  if (error instanceof MigrationError) return [...failedMigration(error, setting), stopped];
  if (error.code === 'SQL_INVALID' && error.problems.some(({ migration }) => migration !== undefined)) {
    const shown = error.problems.slice(0, mostProblems);
    return [
      ...shown.flatMap((problem) => invalidMigration(problem, setting)),
      ...foldedProblems(error),
      stopped,
    ];
  }
  return generalError(error, setting);
}

/** So many fit on a screen or two; `--json` has all of them. */
const mostProblems = 20;

function foldedProblems({ problems }: KatError): string[] {
  const left = problems.length - mostProblems;
  return left > 0 ? [`${left} more problems are not shown; \`--json\` lists all of them`] : [];
}

const stopped = 'Migration process stopped to preserve database integrity';

function failedMigration(error: MigrationError, setting: ErrorSetting): string[] {
  const others = error.problems.filter(({ migration = error.migration }) => migration !== error.migration);
  const own = error.problems.filter((problem) => !others.includes(problem));
  return [
    ...heading(error.migration, error.message, setting.style),
    ...own.flatMap((problem) => placeOf(problem, setting)),
    ...reportLines(error.report),
    ...others.flatMap((problem) => otherFailure(problem, setting)),
    ...unfinishedLines(error.unfinished),
  ];
}

function otherFailure(problem: Problem, setting: ErrorSetting): string[] {
  return [...heading(problem.migration ?? '', problem.message, setting.style), ...placeOf(problem, setting)];
}

function unfinishedLines(unfinished: UnfinishedSteps | undefined): string[] {
  const { cancelled = [], heldBack = [] } = unfinished ?? {};
  const shown = heldBack.slice(0, mostProblems);
  const left = heldBack.length - shown.length;
  return [
    ...cancelled.map((id) => `Cancelled: ${id}`),
    ...shown.map(({ id, by }) => `Held back: ${id}${by.length > 0 ? ` (by ${by.join(', ')})` : ''}`),
    ...(left > 0 ? [`Held back: ${left} more; \`--json\` lists all of them`] : []),
  ];
}

function invalidMigration(problem: Problem, setting: ErrorSetting): string[] {
  const message = problem.sqlstate
    ? `ERROR: ${problem.message} (SQLSTATE ${problem.sqlstate})`
    : `ERROR: ${problem.message}`;
  return [
    ...heading(problem.migration ?? '', message, setting.style),
    ...placeOf(problem, setting),
    ...indent(problem.help ? [problem.help] : []),
  ];
}

function heading(migration: string, message: string, style: Style): string[] {
  return [style.red(`Migration failed: ${migration}`), style.red(`Error details: ${message}`)];
}

function placeOf({ location }: Problem, setting: ErrorSetting): string[] {
  return location ? indent(formatLocation(location, setting.cwd)) : [];
}

/** The server's additions to its message, in its own words. */
function reportLines(report: ServerReport | undefined): string[] {
  if (!report) return [];
  const named = [
    ['DETAIL', report.detail],
    ['HINT', report.hint],
    ['CONTEXT', report.where],
  ] as const;
  return indent(named.flatMap(([name, text]) => (text ? [`${name}: ${text.replaceAll('\n', '\n  ')}`] : [])));
}

function generalError(error: KatError, setting: ErrorSetting): string[] {
  const report = error instanceof SqlError ? error.report : undefined;
  const [only] = error.problems.length === 1 ? error.problems : [];
  return [
    setting.style.red(`${titleOf(error)}: ${error.message}${report ? ` (SQLSTATE ${report.sqlstate})` : ''}`),
    ...reportLines(report),
    ...(only?.message === error.message
      ? detailsOf(only, error, setting)
      : [
          ...error.problems
            .slice(0, mostProblems)
            .flatMap((problem) => ['', ...formatProblem(problem, setting)]),
          ...foldedProblems(error),
        ]),
  ];
}

/** The details that a single problem adds to the error that repeats it. */
function detailsOf(problem: Problem, error: KatError, setting: ErrorSetting): string[] {
  const { help } = problem;
  return [...placeOf(problem, setting), ...indent(help && help !== error.help ? [help] : [])];
}

function titleOf(error: KatError): string {
  if (error.code === 'CONNECTION_FAILED') return 'Connection failed';
  return error.code === 'SQL_ERROR' ? 'SQL error' : 'Error';
}

function formatProblem(problem: Problem, setting: ErrorSetting): string[] {
  const title = problem.title ? `${setting.style.bold(problem.title)}: ` : '';
  return [
    `${title}${problem.message}`,
    ...placeOf(problem, setting),
    ...indent(problem.help ? [problem.help] : []),
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
