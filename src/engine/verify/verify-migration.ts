/** Executes one migration up, down and up again, and compares the schemas. */

import type { KatError } from '../../errors.js';
import { compareSnapshots } from '../../sql/snapshot/compare.js';
import type { SchemaDifference } from '../../sql/snapshot/difference.js';
import { type SchemaSnapshot, type SnapshotObject, snapshotKey } from '../../sql/snapshot/snapshot.js';
import {
  failureFinding,
  missingDownFinding,
  otherSchemaFinding,
  type VerifiedFiles,
  type VerifyFinding,
  wayBackFinding,
} from './findings.js';
import { type TriedSchemas, verifyRows, watchEarlierRows } from './rows/verify-rows.js';
import type { RowWatch } from './rows/watch-rows.js';
import type { Trial } from './trial.js';

/** What the execution of one migration showed. */
export interface VerifiedMigration {
  findings: readonly VerifyFinding[];
  /** Why up.sql failed. */
  failure?: KatError;
  /** Whether down.sql ran to its end. */
  isRolledBack?: true;
}

/**
 * Starts from the state of the migration's ancestors. Afterwards the migration is applied, unless it failed.
 * @param ancestors ids
 * @throws ConnectionError; KatError CANCELLED.
 */
export async function verifyMigration(
  trial: Trial,
  files: VerifiedFiles,
  ancestors: ReadonlySet<string>,
): Promise<VerifiedMigration> {
  const { id } = files.migration;
  const before = await trial.readSnapshot();
  const earlier = await watchEarlierRows(trial, files, before);
  const failure = await trial.up(id);
  if (failure) return { findings: [failureFinding(files, failure, { direction: 'up' })], failure };
  if (!files.texts.hasDown && !earlier) return { findings: [missingDownFinding(files)] };
  const after = await trial.readSnapshot();
  const removed = (await earlier?.afterUp(after)) ?? [];
  if (!files.texts.hasDown) return { findings: [missingDownFinding(files), ...removed] };
  const downFailure = await trial.down(id);
  if (downFailure)
    return { findings: [failureFinding(files, downFailure, { direction: 'down' }), ...removed] };
  const left = differences(before, await trial.readSnapshot());
  const findings = left.map((difference) => wayBackFinding(files, difference, isIn(after)));
  // Here, because the migration is rolled back anyway.
  const rows = left.length === 0 ? await rowFindings(trial, files, { before, after, earlier }) : [];
  await restore(trial, files, ancestors);
  const again = await applyAgain(trial, files, { after, known: new Set(left.map(keyOfDifference)) });
  const ofRows = distinct([...removed, ...rows]);
  // What is lost of earlier migrations is lost for those that are tried later, too.
  const isLossy = earlier !== undefined && ofRows.length > 0;
  if (left.length > 0 || again.length > 0 || isLossy) trial.spoil();
  else trial.trust(id);
  return { findings: [...findings, ...again, ...ofRows], isRolledBack: true };
}

async function rowFindings(
  trial: Trial,
  files: VerifiedFiles,
  { earlier, ...schemas }: TriedSchemas & { earlier: RowWatch | undefined },
): Promise<VerifyFinding[]> {
  const changed = (await earlier?.afterDown()) ?? [];
  return [...changed, ...(await verifyRows(trial, files, schemas))];
}

/** The first of those that say the same of one table, by rows of different origin. */
function distinct(findings: readonly VerifyFinding[]): VerifyFinding[] {
  const keys = findings.map(({ code, message }) => `${code} ${message}`);
  return findings.filter((_, index) => keys.indexOf(keys[index] as string) === index);
}

/** Where the rows could not be removed, the state after down.sql is reached once more. */
async function restore(
  trial: Trial,
  { migration: { id } }: VerifiedFiles,
  ancestors: ReadonlySet<string>,
): Promise<void> {
  if (!trial.isSpoiled) return;
  await trial.moveTo(ancestors);
  if (!(await trial.up(id))) await trial.down(id);
}

/** @param known keys of objects that differ after down.sql already */
async function applyAgain(
  trial: Trial,
  files: VerifiedFiles,
  { after, known }: { after: SchemaSnapshot; known: ReadonlySet<string> },
): Promise<VerifyFinding[]> {
  const failure = await trial.up(files.migration.id);
  if (failure) return [failureFinding(files, failure, { direction: 'up', occasion: ' after down.sql' })];
  return differences(after, await trial.readSnapshot())
    .filter((difference) => !known.has(keyOfDifference(difference)))
    .map((difference) => otherSchemaFinding(files, difference));
}

function keyOfDifference({ before, after }: SchemaDifference): string {
  return snapshotKey((before ?? after) as SnapshotObject);
}

/** What comes and goes with a whole object is not named beside it. */
function differences(before: SchemaSnapshot, after: SchemaSnapshot): SchemaDifference[] {
  return compareSnapshots(before, after).filter(({ within }) => within === undefined);
}

function isIn({ objects }: SchemaSnapshot): (object: SnapshotObject) => boolean {
  const keys = new Set(objects.map(snapshotKey));
  return (object) => keys.has(snapshotKey(object));
}
