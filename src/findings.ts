/** Findings of all checks in one shape, so that every command can print them in the same formats. */

import type { Problem, SourceLocation } from './errors.js';

/** `error` stops a release, `warning` should be looked at, `info` is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** One thing that a check found. */
export interface Finding extends Pick<Problem, 'message' | 'location' | 'help' | 'migration'> {
  /** The kind of finding: a stable word, listed in the docs. */
  code: string;
  severity: Severity;
  /** Other places that have a part in it, and what they have to do with it. */
  related?: readonly RelatedPlace[];
  /** What executing the migrations has shown about a prediction. */
  evidence?: FindingEvidence;
}

/** Of `kat verify --evidence`. */
export interface FindingEvidence {
  /** `not seen`: the execution does not show it, and cannot exclude it. */
  verdict: 'confirmed' | 'refuted' | 'not seen';
  /** In one sentence without a full stop. */
  message: string;
}

/** A place that has a part in a finding. */
export interface RelatedPlace {
  message: string;
  location: SourceLocation;
}

/** How many findings there are of each severity. */
export interface FindingCounts {
  errors: number;
  warnings: number;
  infos: number;
}

/** Counts findings by severity. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

/** Such as `2 errors, 1 warning, 3 info`; omits zero counts. */
export function countsText({ errors, warnings, infos }: FindingCounts): string {
  const parts: [count: number, one: string, many: string][] = [
    [errors, 'error', 'errors'],
    [warnings, 'warning', 'warnings'],
    [infos, 'info', 'info'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(', ');
}

/** The errors among them, for a KatError: the code of each becomes its title. */
export function problemsOf(findings: readonly Finding[]): Problem[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, severity: _, related: __, evidence: ___, ...problem }) => ({ ...problem, title: code }));
}

/** Whether a check has passed: without errors, with `strict` also without warnings. */
export function isPassed(
  { errors, warnings }: FindingCounts,
  { strict = false }: { strict?: boolean | undefined },
): boolean {
  return errors === 0 && (!strict || warnings === 0);
}

/** The findings, with counts. */
export interface LintFindings {
  /** In the order of the graph, then of the files. */
  findings: readonly Finding[];
  counts: FindingCounts;
}
