/** Compares what `kat lint` says about the way back with what its execution showed. */

import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { predictingRules, verdictOnWayBack } from '../evidence/judge.js';
import { chooseRules } from '../lint/choose-rules.js';
import { defaultServerVersion } from '../lint/lint.js';
import { lintFiles } from '../lint/lint-files.js';
import { wayBackDifferences } from './evidence-entries.js';
import type { VerifyFinding } from './findings.js';
import type { VerifiedPrediction } from './result.js';

const shortBytes = 1 << 20;

/**
 * @param ids of migrations.
 * @returns the findings of lint about the way back of these. @throws KatError FILES_INVALID when a file cannot be read.
 */
export async function predictWayBacks(graph: Graph, ids: ReadonlySet<string>): Promise<Finding[]> {
  const { rules } = await import('../../sql/lint/rules.js');
  const chosen = graph.migrations.filter(({ id }) => ids.has(id));
  const work = {
    migrations: (await standAlone(graph, chosen)) ? chosen : graph.migrations,
    linted: ids,
    together: new Set<string>(),
    lockTimeoutMs: undefined,
    serverVersion: defaultServerVersion,
  };
  const found = await lintFiles(work, chooseRules(rules, {}, predictingRules));
  return found.filter(({ code }) => predictingRules.includes(code));
}

/** Whether lint says the same of these without following all that was before them, which takes as long as to apply it. */
async function standAlone(graph: Graph, chosen: readonly Migration[]): Promise<boolean> {
  const names = await namesToLookFor(chosen);
  if (!names || names.length === 0) return names !== undefined;
  const isMentioned = (text: string) => names.some((name) => text.includes(name.toLowerCase()));
  const others = graph.migrations.filter((migration) => !chosen.includes(migration));
  return others.every(({ files: { up } }) => isShort(up) && !isMentioned(readSqlFile(up).toLowerCase()));
}

/** @returns the names that no other migration may have; undefined where that does not suffice. */
async function namesToLookFor(migrations: readonly Migration[]): Promise<string[] | undefined> {
  const [{ namesThatMatter }, { readEffects }, { loadParser }] = await Promise.all([
    import('../../sql/round-trip/stands-alone.js'),
    import('../../sql/effects/read-effects.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser(undefined);
  const effectsOf = (file: string) => readEffects(parser, findSqlFile(file) ?? '');
  const names: string[] = [];
  for (const { files } of migrations) {
    const found =
      isShort(files.up) && isShort(files.down)
        ? namesThatMatter(effectsOf(files.up), effectsOf(files.down))
        : undefined;
    if (!found) return undefined;
    names.push(...found);
  }
  return names;
}

/** Longer files, and programs, are not read by lint. */
function isShort(file: string): boolean {
  return !isProgram(file) && checksumIfLonger(file, shortBytes) === undefined;
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
