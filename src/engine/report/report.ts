/** Reports what a branch does to the migrations, for those who review it. */

import { countFindings, type Finding } from '../../findings.js';
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
    isValid: counts.errors === 0 && (!strict || counts.warnings === 0),
    ...{ findings, counts, added, edited, steps, format },
    ...(base ? { base } : {}),
    ...(trace ? { trace } : {}),
    text:
      format === 'html'
        ? (await import('./write-html.js')).writeHtml(blocks)
        : (await import('./write-markdown.js')).writeMarkdown(blocks),
  };
}

/** The other analyses need a valid folder. */
async function readReport(
  setting: ReportSetting,
  { gitBase, verify: isTried }: ReportOptions,
): Promise<BranchReport> {
  const { directory } = setting;
  const validated = await validate(setting, { offline: true, gitBase });
  const checks = { validate: validated };
  if (validated.counts.errors > 0) return { base: validated.base, ...nothingKnown, checks };
  const { migrations } = await describeGraph(setting, { gitBase, offline: true }, setting);
  const changed = (branch: GraphMigration['branch']) =>
    migrations.filter((migration) => migration.branch === branch).map(({ id }) => id);
  const [added, edited] = [changed('added'), changed('edited')];
  const isChanged = added.length + edited.length > 0;
  const { trace, ...linted } = await lint(setting, { gitBase, trace: isChanged });
  const checked = await checkOrder(directory, { gitBase });
  const verified = isTried && isChanged ? await verify(setting, { gitBase }) : undefined;
  return {
    ...{ base: validated.base, graph: migrations, added, edited },
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
