/** Checks the SQL of migrations that may be run some day, in both directions. */

import { existsSync } from 'node:fs';
import type { Problem } from '../../errors.js';
import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import type { Direction, Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { wholeFile } from '../../project/source-text.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import { type ExaminedStep, examineSteps } from '../plan/check-plan.js';
import { stepKey } from '../plan/checked-plan.js';
import { finding, findingOf } from './finding-of.js';

/**
 * @param migrations of the graph; all their files are read, and the parser is loaded if there are any.
 * @param applied ids: `up` does not run them again, so that what is empty by now stops nothing here.
 */
export async function checkSql(
  graph: Graph,
  migrations: readonly Migration[],
  {
    applied,
    ...reading
  }: { applied: Pick<ReadonlySet<string>, 'has'>; literals: Literals; isSqlite: boolean },
): Promise<Finding[]> {
  const steps = migrations.flatMap((migration) => stepsOf(migration));
  const examined = await examineSteps({ graph, ...reading, storedDowns: new Map() }, steps);
  const byKey = new Map(examined.map((step) => [stepKey(step.checked.step), step]));
  return migrations.flatMap((migration) => {
    const found = (direction: Direction) => byKey.get(`${migration.id} ${direction}`);
    const findings = checkMigration(migration, found('up'), found('down'));
    return applied.has(migration.id) ? findings.map(milderWhereApplied) : findings;
  });
}

function stepsOf({ id, noTransaction, files }: Migration): Step[] {
  const mode = noTransaction ? 'statements' : 'transaction';
  const up: Step = { id, direction: 'up', mode };
  return existsSync(files.down) ? [up, { id, direction: 'down', mode }] : [up];
}

function checkMigration(
  migration: Migration,
  up: ExaminedStep | undefined,
  down: ExaminedStep | undefined,
): Finding[] {
  const { files } = migration;
  const findings = (step: ExaminedStep | undefined, direction: Direction) =>
    [...(step?.problems ?? []), ...(step?.hints ?? []).filter(isAboutOneFile)].map((problem) =>
      findingOf(problem, wholeFile(files[direction])),
    );
  return [
    ...findings(up, 'up'),
    ...findings(down, 'down'),
    ...checkNeed(up, down),
    ...checkEmptiness(migration, up, down),
  ];
}

function milderWhereApplied(found: Finding): Finding {
  return found.code === 'empty-up' ? { ...found, severity: 'warning' } : found;
}

/** One of both files is enough to need `no_transaction`. */
function isAboutOneFile({ code }: Problem): boolean {
  return code !== 'needless-no-transaction';
}

function checkNeed(up: ExaminedStep | undefined, down: ExaminedStep | undefined): Finding[] {
  const needless = up?.hints.find((hint) => !isAboutOneFile(hint));
  const isNeeded = down && !down.checked.isEmpty && down.hints.every(isAboutOneFile);
  return needless && !isNeeded ? [findingOf(needless)] : [];
}

function checkEmptiness(
  { id, files }: Migration,
  up: ExaminedStep | undefined,
  down: ExaminedStep | undefined,
): Finding[] {
  // Nothing has to be taken back; whether it may be empty has been said.
  if (up?.checked.isEmpty) return [];
  if (!down) {
    const facts = {
      message: `${id} has no down.sql`,
      help: 'Write down.sql, so that the migration can be rolled back.',
    };
    return [finding('missing-down', { ...facts, migration: id, location: wholeFile(files.up) })];
  }
  if (!down.checked.isEmpty || up?.leavesNothing) return [];
  const facts = {
    message: `down.sql of ${id} has no statements, so a rollback removes only its row`,
    help: 'Write its SQL, or delete the file if the migration cannot be rolled back.',
  };
  return [finding('empty-down', { ...facts, migration: id, location: wholeFile(files.down) })];
}
