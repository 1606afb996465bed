/** Says what is dangerous or careless about migrations before they are applied. */

import { countFindings } from '../../findings.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/load.js';
import { chooseMigrations, type LintPlace, leaveOutOld } from './choose-migrations.js';
import { chooseRules } from './choose-rules.js';
import { lintFiles } from './lint-files.js';
import type { LintOptions, LintPolicy, LintResult } from './result.js';

export interface LintSetting extends LintPlace {
  policy: LintPolicy;
  /** Of all migrations that have none of their own, in milliseconds. */
  lockTimeoutMs: number | undefined;
}

/** The oldest version that is not out of support. */
export const defaultServerVersion = 14;

/**
 * Reads the folder, and the database or git only where the options ask for it.
 * @throws KatError USAGE, CONFIG_INVALID, FILES_INVALID, GRAPH_INVALID; what asking the database throws.
 */
export async function lint(setting: LintSetting, options: LintOptions): Promise<LintResult> {
  const { policy, lockTimeoutMs } = setting;
  const { rules } = await import('../../sql/lint/rules.js');
  const asked = chooseRules(rules, policy, options.rules);
  const graph = buildGraph(await loadMigrations(setting.directory));
  const named = await chooseMigrations(setting, graph, options);
  const chosen = options.of?.length ? named : leaveOutOld(named, graph, policy);
  const { migrations } = graph;
  const serverVersion = policy.serverVersion ?? defaultServerVersion;
  const findings = await lintFiles({ migrations, ...chosen, lockTimeoutMs, serverVersion }, asked);
  const counts = countFindings(findings);
  return {
    isValid: counts.errors === 0 && (!options.strict || counts.warnings === 0),
    findings,
    counts,
    migrations: migrations.map(({ id }) => id).filter((id) => chosen.linted.has(id)),
  };
}
