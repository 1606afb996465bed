/** Compares what `kat lint` says about the way back with what its execution showed. */

import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { predictingRules, verdictOnWayBack } from '../evidence/judge.js';
import { chooseRules } from '../lint/choose-rules.js';
import { defaultServerVersion } from '../lint/lint.js';
import { lintFiles } from '../lint/lint-files.js';
import { wayBackDifferences } from './evidence-entries.js';
import type { VerifyFinding } from './findings.js';
import type { VerifiedPrediction } from './result.js';

/**
 * @param executed ids of the migrations whose way back ran to its end
 * @returns one for each finding of lint about these.
 */
export async function judgePredictions(
  graph: Graph,
  executed: ReadonlySet<string>,
  findings: readonly VerifyFinding[],
): Promise<VerifiedPrediction[]> {
  if (executed.size === 0) return [];
  const { rules } = await import('../../sql/lint/rules.js');
  const work = {
    migrations: graph.migrations,
    linted: executed,
    together: new Set<string>(),
    lockTimeoutMs: undefined,
    serverVersion: defaultServerVersion,
  };
  const predicted = await lintFiles(work, chooseRules(rules, {}, predictingRules));
  return predicted
    .filter(({ code }) => predictingRules.includes(code))
    .map((prediction) => judge(prediction, findings));
}

function judge(
  { code, severity, message, migration = '' }: Finding,
  findings: readonly VerifyFinding[],
): VerifiedPrediction {
  return {
    code,
    severity,
    message,
    migration,
    verdict: verdictOnWayBack(wayBackDifferences(migration, findings), message),
  };
}
