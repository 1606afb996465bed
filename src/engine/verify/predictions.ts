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
 * @param ids of migrations.
 * @returns the findings of lint about the way back of these. @throws KatError FILES_INVALID when a file cannot be read.
 */
export async function predictWayBacks(graph: Graph, ids: ReadonlySet<string>): Promise<Finding[]> {
  const { rules } = await import('../../sql/lint/rules.js');
  const work = {
    migrations: graph.migrations,
    linted: ids,
    together: new Set<string>(),
    lockTimeoutMs: undefined,
    serverVersion: defaultServerVersion,
  };
  const found = await lintFiles(work, chooseRules(rules, {}, predictingRules));
  return found.filter(({ code }) => predictingRules.includes(code));
}

/**
 * @param predicted as `predictWayBacks` tells it, perhaps about others as well
 * @param executed ids of the migrations whose way back ran to its end
 * @returns one for each prediction about these.
 */
export function judgePredictions(
  predicted: readonly Finding[],
  executed: ReadonlySet<string>,
  findings: readonly VerifyFinding[],
): VerifiedPrediction[] {
  return predicted
    .filter(({ migration = '' }) => executed.has(migration))
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
