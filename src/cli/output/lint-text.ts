/** The screen of `lint` beside its findings: the last line, and the list of rules. */

import { countsText, type LintFindings } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { LintFix, LintFixPart, LintResult, RuleSummary } from '../../index.js';
import type { Context } from '../context.js';
import { formatFindings } from './findings-text.js';
import type { Style } from './style.js';

/** Such as `12 migrations: 1 error, 2 warnings`. */
export function lintSummary(
  { counts, findings, migrations, isValid }: LintResult,
  { style, hidesInfos }: { style: Style; hidesInfos: boolean },
): string {
  const found = findings.length === 0 ? 'no problems found' : countsText(counts);
  const hidden = hidesInfos && counts.infos > 0 ? ' (shown with --verbose)' : '';
  return `${(isValid ? style.green : style.red)(`${counted(migrations.length, 'migration')}: ${found}`)}${hidden}\n`;
}

/** One line for each rule; `fix` marks those whose findings --fix can rewrite. */
export function rulesText(rules: readonly RuleSummary[], style: Style): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(
    ({ id, severity, summary, isFixable }) =>
      `${style.bold(id.padEnd(width))}  ${severity.padEnd(7)}  ${isFixable ? 'fix' : '   '}  ${summary}`,
  );
  return `${lines.join('\n')}\n`;
}

const shownOnUp = 5;

/** The summary of lint findings before `up` applies migrations. */
export function upLintText({ findings, counts }: LintFindings, { cwd, style }: Context): string {
  const first = [...findings].sort(byGravity).slice(0, shownOnUp);
  const brief = first.map(({ help: _, ...finding }) => finding);
  const left = findings.length - first.length;
  const more = left > 0 ? `, ${left} more` : '';
  const found = formatFindings(brief, { cwd, style, isVerbose: false });
  const goesOn = counts.errors > 0 ? ' The run continues; with --strict, `kat up` would stop.' : '';
  return `${found}Lint: ${countsText(counts)}${more}.${goesOn} Run \`${lintAgain(findings)}\` for details and fixes.`;
}

const namedOnUp = 3;

/** The command that shows the findings with all help. It names the migrations, because they are not pending afterwards. */
function lintAgain(findings: LintFindings['findings']): string {
  const ids = [...new Set(findings.flatMap(({ migration }) => migration ?? []))];
  return ids.length > namedOnUp ? 'kat lint' : ['kat lint', ...ids].join(' ');
}

function byGravity(a: LintFindings['findings'][number], b: LintFindings['findings'][number]): number {
  return Number(a.severity !== 'error') - Number(b.severity !== 'error');
}

/** The fixed migrations, or the planned fixes. */
export function fixesText(
  fixes: readonly LintFix[],
  { isDryRun, style }: { isDryRun: boolean; style: Style },
): string {
  if (fixes.length === 0) return 'Nothing to fix\n';
  return fixes.map((fix) => fixText(fix, isDryRun, style)).join('');
}

function fixText({ id, rules, parts }: LintFix, isDryRun: boolean, style: Style): string {
  const heading = `${isDryRun ? 'DRY RUN: Would rewrite' : 'Rewrote'} ${style.bold(id)} for ${rules.join(', ')}`;
  const shown = parts.flatMap((part) => [partText(id, part), ...(isDryRun ? partLines(part, style) : [])]);
  return `${[heading, ...shown].join('\n')}\n`;
}

function partText(of: string, { id, label, noTransaction }: LintFixPart): string {
  const name = id ?? `a new migration, ${of.replace(/^\d+_/, '')}_${label}`;
  return `  ${name}${noTransaction ? ', with no_transaction: true' : ''}`;
}

function partLines({ up, down = '' }: LintFixPart, style: Style): string[] {
  const lines = (text: string, mark: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${mark} ${line}`);
  const downs = down.trim() === '' ? [] : lines(down, '-').map((line) => style.red(line));
  return [...lines(up, '+').map((line) => style.green(line)), ...downs];
}
