/** Reports what a branch does to the migrations, for those who review it. */

import { type ErrorCode, KatError, type ProblemCode } from '../../errors.js';
import { countFindings, type Finding, isPassed, type LintFindings } from '../../findings.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { findRepositoryRoot } from '../../project/folder/repository-root.js';
import { checkOrder } from '../check/check.js';
import { type LintSetting, lint } from '../lint/lint.js';
import { makePlan, type PlanSetting } from '../plan/make-plan.js';
import { describeGraph } from '../read/describe-graph.js';
import type { GraphMigration } from '../read/graph-description.js';
import { validate } from '../validate/validate.js';
import type { VerifyPlace } from '../verify/trial-place.js';
import { verify } from '../verify/verify.js';
import { describeReport } from './describe-report.js';
import type { BranchReport, ReportOptions, ReportResult } from './result.js';

type ReportSetting = LintSetting & PlanSetting & VerifyPlace;

/**
 * Needs git and PGlite, and no database.
 * @throws KatError USAGE when `gitBase` is no revision here; CONFIG_INVALID without PGlite. What is wrong with the folder is a
 *   finding.
 */
export async function reportBranch(setting: ReportSetting, options: ReportOptions): Promise<ReportResult> {
  const { strict = false, format = 'markdown' } = options;
  const report = await readReport(setting, options);
  const findings = withoutRepeated(Object.values(report.checks).flatMap((check) => check.findings));
  const counts = countFindings(findings);
  const root = findRepositoryRoot(setting.directory) ?? setting.directory;
  const blocks = describeReport({ ...report, counts }, root);
  const { added, edited, steps, trace, base } = report;
  return {
    isValid: isPassed(counts, { strict }),
    ...{ findings, counts, added, edited, steps, format },
    ...(base ? { base } : {}),
    ...(trace ? { trace } : {}),
    text:
      format === 'html'
        ? (await import('./write-html.js')).writeHtml(blocks)
        : (await import('./write-markdown.js')).writeMarkdown(blocks),
  };
}

/** The other analyses need a folder that can be read, and valid migrations of the branch. */
async function readReport(setting: ReportSetting, options: ReportOptions): Promise<BranchReport> {
  const { gitBase } = options;
  const validated = await validate(setting, { offline: true, gitBase });
  const graph = await readBranch(setting, gitBase);
  if (!graph) return { base: validated.base, ...nothingKnown, checks: { validate: validated } };
  const found = { ...graph, base: validated.base };
  const checks = { validate: ofBranch(validated, new Set([...graph.added, ...graph.edited])) };
  if (checks.validate.counts.errors > 0) return { ...nothingKnown, ...found, checks };
  return analyze(setting, options, { ...found, checks });
}

/** Undefined where the folder cannot be read, which `validate` says. */
async function readBranch(setting: ReportSetting, gitBase: string) {
  try {
    const { migrations: graph } = await describeGraph(setting, { gitBase, offline: true }, setting);
    const changed = (branch: GraphMigration['branch']) =>
      graph.filter((migration) => migration.branch === branch).map(({ id }) => id);
    return { graph, added: changed('added'), edited: changed('edited') };
  } catch (error) {
    if (error instanceof KatError && unreadable.has(error.code)) return undefined;
    throw error;
  }
}

const unreadable: ReadonlySet<ErrorCode> = new Set(['FILES_INVALID', 'GRAPH_INVALID', 'SQL_INVALID']);

/** What is wrong with the SQL of a migration that the branch leaves alone is not of the branch. */
function ofBranch(validated: LintFindings, changed: ReadonlySet<string>): LintFindings {
  const findings = validated.findings.filter(
    ({ code, migration }) => migration === undefined || changed.has(migration) || !ofOwnFiles.has(code),
  );
  return { findings, counts: countFindings(findings) };
}

const ofOwnFiles: ReadonlySet<string> = new Set<ProblemCode>([
  ...(['syntax', 'psql', 'transaction-control', 'needs-no-transaction', 'needless-no-transaction'] as const),
  ...([
    'unchecked-sql',
    'unsplittable-sql',
    'unfit-program',
    'empty-up',
    'missing-down',
    'empty-down',
  ] as const),
]);

async function analyze(
  setting: ReportSetting,
  { gitBase, verify: isTried }: ReportOptions,
  { graph, added, edited, base, checks }: Omit<BranchReport, 'steps'>,
): Promise<BranchReport> {
  const { directory } = setting;
  const isChanged = added.length + edited.length > 0;
  const { trace, ...linted } = await lint(setting, { gitBase, trace: isChanged });
  const checked = await checkOrder(directory, { gitBase });
  const verified = isTried && isChanged ? await verify(setting, { gitBase }) : undefined;
  return {
    ...{ base, graph, added, edited },
    steps: await planAdded(setting, new Set(added)),
    ...(trace ? { trace } : {}),
    ...(verified ? { verified } : {}),
    checks: { ...checks, lint: linted, check: checked, ...(verified ? { verify: verified } : {}) },
  };
}

const nothingKnown = { graph: [], added: [], edited: [], steps: [] } as const;

/** As if everything else were applied. */
async function planAdded(setting: ReportSetting, added: ReadonlySet<string>) {
  const { migrations } = buildGraph(await loadMigrations(setting.directory));
  const appliedIds = migrations.map(({ id }) => id).filter((id) => !added.has(id));
  const move = { kind: 'up', count: undefined, to: undefined } as const;
  const { steps } = await makePlan(setting, { move, allowMissing: true, applied: undefined, appliedIds });
  return steps;
}

/** Several commands find what cannot be read. */
function withoutRepeated(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ code, message, location }: Finding) =>
    [code, message, location?.file, location?.line, location?.column].join('\n');
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}
