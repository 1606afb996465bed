/** Lints what `up` is about to apply, while its SQL is checked anyway, so that a run without findings costs hardly more. */

import { KatError } from '../../errors.js';
import { countFindings, type Finding, type LintFindings, problemsOf } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import type { Rule } from '../../sql/lint/rule.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import { lockTimeoutOf } from '../policy/waits.js';
import { type ChosenMigrations, leaveOutOld } from './choose-migrations.js';
import { chooseRules } from './choose-rules.js';
import { defaultServerVersion } from './lint.js';
import { lintFiles } from './lint-files.js';

/** Is shown every file of a plan when it has been parsed. */
export interface PlanLinter {
  see(step: Step, text: string, statements: readonly Statement[]): void;
  /** Errors and warnings; undefined where there are none. */
  report(): Promise<LintFindings | undefined>;
}

interface PlanLintSetting {
  policy: LintPolicy;
  /** Of all migrations that have none of their own, in milliseconds. */
  lockTimeoutMs: number | undefined;
  /** How the server reads plain string literals. */
  literals: Literals;
}

/**
 * Looks at each file with what the plan itself tells of tables first. Only if something is found that way, all applied
 * migrations are read, too, and the findings are those that are left then.
 * @throws KatError CONFIG_INVALID
 */
export async function createPlanLinter(
  graph: Graph,
  steps: readonly Step[],
  { policy, lockTimeoutMs, literals }: PlanLintSetting,
): Promise<PlanLinter> {
  const [{ createLinter }, { rules }, { loadParser }] = await Promise.all([
    import('../../sql/lint/linter.js'),
    import('../../sql/lint/rules.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const all = chooseRules(rules, policy, undefined);
  const asked = { ...all, rules: all.rules.filter(isAboutRunning) };
  const ids = new Set(steps.map(({ id }) => id));
  const chosen = leaveOutOld({ linted: ids, together: ids }, graph, policy);
  const serverVersion = policy.serverVersion ?? defaultServerVersion;
  const linter = createLinter(await loadParser(literals), { ...asked, oldestServer: serverVersion });
  let hasFindings = false;
  return {
    see: ({ id, mode }, up, statements) => {
      if (linter.skim(id, statements)) return;
      const found = linter.lint({
        id,
        up,
        statements,
        down: undefined,
        isTransactional: mode === 'transaction',
        lockTimeoutMs: lockTimeoutOf(graph.get(id), lockTimeoutMs),
        isNewWith: (creator) => ids.has(creator),
      });
      hasFindings ||= chosen.linted.has(id) && found.some(({ severity }) => severity !== 'info');
    },
    report: async () => {
      if (!hasFindings) return undefined;
      const work = { ...workOf(graph, chosen), lockTimeoutMs, serverVersion, literals };
      return reportAgain(await lintFiles(work, asked));
    },
  };
}

/** @throws KatError LINT_FAILED with every error. */
export function refuseErrors({ findings, counts }: LintFindings): void {
  if (counts.errors === 0) return;
  throw new KatError('LINT_FAILED', `nothing was run: lint found ${counted(counts.errors, 'error')}`, {
    problems: problemsOf(findings),
    help: 'Correct the migrations, or accept a finding with the comment `-- kat:ignore RULE reason`. Errors stop a run with `--strict`, or with `on_up: strict` in the section `lint`.',
  });
}

function isAboutRunning({ topic }: Rule): boolean {
  return topic !== 'design';
}

function workOf({ migrations }: Graph, chosen: ChosenMigrations) {
  return { migrations, ...chosen };
}

function reportAgain(found: readonly Finding[]): LintFindings | undefined {
  const findings = found.filter(({ severity }) => severity !== 'info');
  return findings.length === 0 ? undefined : { findings, counts: countFindings(findings) };
}
