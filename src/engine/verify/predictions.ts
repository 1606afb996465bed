/** Compares what `kat lint` says about the way back with what its execution showed. */

import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { chooseRules } from '../lint/choose-rules.js';
import { defaultServerVersion } from '../lint/lint.js';
import { lintFiles } from '../lint/lint-files.js';
import type { VerifyFinding } from './findings.js';
import type { VerifiedPrediction } from './result.js';

const wayBackRules = ['incomplete-down', 'down-drops-more'];

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
  const predicted = await lintFiles(work, chooseRules(rules, {}, wayBackRules));
  return predicted
    .filter(({ code }) => wayBackRules.includes(code))
    .map((prediction) => judge(prediction, findings));
}

/** A prediction holds when a difference of the same migration is about an object that it names. */
function judge(
  { code, message, migration }: Finding,
  findings: readonly VerifyFinding[],
): VerifiedPrediction {
  const isConfirmed = findings.some(
    (finding) =>
      finding.migration === migration &&
      (finding.object === undefined
        ? finding.code !== 'down-missing'
        : [finding.object.name, finding.object.of].some((name) => name && message.includes(baseName(name)))),
  );
  return {
    code,
    message,
    ...(migration === undefined ? {} : { migration }),
    verdict: isConfirmed ? 'confirmed' : 'refuted',
  };
}

/** The name as lint writes it: without quotes and argument types. */
function baseName(name: string): string {
  return name.replace(/\(.*$/s, '').replaceAll('"', '');
}
