/** Finds dangerous or careless SQL in migrations before they are applied. */

import { KatError } from '../../errors.js';
import { countFindings, type Finding, isPassed } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { loadEvidence, predictingRules } from '../evidence/judge.js';
import { stateNames } from '../evidence/state.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import { chooseMigrations, type LintPlace, leaveOutOld } from './choose-migrations.js';
import { type ChosenRules, chooseRules } from './choose-rules.js';
import { fixMigrations } from './fix.js';
import { type LintWork, lintFiles } from './lint-files.js';
import type { LintOptions, LintResult } from './result.js';
import { traceLinted } from './trace-linted.js';

export interface LintSetting extends LintPlace {
  policy: LintPolicy;
  /** Of all migrations that have none of their own, in milliseconds. */
  lockTimeoutMs: number | undefined;
}

/** The oldest version that Kat itself is tested on. */
export const defaultServerVersion = 14;

/**
 * Reads the folder, and the database or git only where the options ask for it.
 * @throws KatError USAGE, CONFIG_INVALID, FILES_INVALID, GRAPH_INVALID; what asking the database throws.
 */
export async function lint(setting: LintSetting, options: LintOptions): Promise<LintResult> {
  refuseContradictions(options);
  const { policy, lockTimeoutMs } = setting;
  const { rules } = await import('../../sql/lint/rules.js');
  const asked = chooseRules(rules, policy, options.rules);
  const graph = buildGraph(await loadMigrations(setting.directory));
  const named = await chooseMigrations(setting, graph, options);
  const chosen = options.of?.length ? named : leaveOutOld(named, graph, policy);
  const { migrations } = graph;
  const serverVersion = policy.serverVersion ?? defaultServerVersion;
  const work = { migrations, ...chosen, lockTimeoutMs, serverVersion };
  if (options.fix) return fix(setting, options, { work, asked });
  const findings = withEvidence(setting, graph, await lintFiles(work, asked));
  const counts = countFindings(findings);
  const trace = options.trace ? await traceLinted(work, setting.signal) : undefined;
  return {
    isValid: isPassed(counts, options),
    findings,
    counts,
    migrations: migrations.map(({ id }) => id).filter((id) => chosen.linted.has(id)),
    ...(trace ? { trace } : {}),
  };
}

/** Only the rules about the way back predict what `kat verify` sees. */
function withEvidence(
  { directory, policy }: LintSetting,
  graph: Graph,
  findings: readonly Finding[],
): readonly Finding[] {
  const place = { directory, postgres: policy.serverVersion };
  const evidence = loadEvidence(
    place,
    stateNames(graph, () => true),
  );
  return findings.map((finding) => {
    const { code, migration = '', message } = finding;
    const shown = predictingRules.includes(code) ? evidence.ofWayBack(migration, message) : undefined;
    return shown ? { ...finding, evidence: shown } : finding;
  });
}

interface Fixing {
  work: LintWork;
  asked: ChosenRules;
}

/** Once everything is written, what is left is looked for as if nothing had been fixed. What a base has stays as it is. */
async function fix(
  setting: LintSetting,
  { fix: _, dryRun = false, ...options }: LintOptions,
  { work, asked }: Fixing,
): Promise<LintResult> {
  const own = [...work.linted].filter((id) => options.gitBase === undefined || work.together.has(id));
  const fixable = { ...work, linted: new Set(own) };
  const fixes = await fixMigrations(setting.directory, fixable, { rules: asked, isDryRun: dryRun });
  const added = fixes.flatMap(({ parts }) => parts.flatMap(({ id }) => id ?? []));
  const of = options.of?.length ? { of: [...new Set([...work.linted, ...added])] } : {};
  return { ...(await lint(setting, { ...options, ...of })), fixes };
}

function refuseContradictions({ of = [], pending, gitBase, fix: isFixing, dryRun }: LintOptions): void {
  if (isFixing && of.length === 0 && !pending && gitBase === undefined) {
    throw new KatError('USAGE', '`--fix` needs to know which migrations it may change', {
      help: 'Name migrations, or use `--pending` or `--git-base`. Applied migrations must not change.',
    });
  }
  if (dryRun && !isFixing) {
    throw new KatError('USAGE', '`--dry-run` requires `--fix`', { help: 'Remove `--dry-run`.' });
  }
}
