/** Says which order of two migrations matters, as a finding. */

import { MigrationError } from '../../../errors.js';
import type { Graph } from '../../../graph/graph.js';
import type { SchemaDifference } from '../../../sql/snapshot/difference.js';
import type { SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { findEffect } from '../find-effect.js';
import type { VerifyFinding } from '../findings.js';
import { type MigrationTexts, readMigrationTexts, type TextDialect } from '../migration-texts.js';
import type { Culprit } from './find-culprit.js';

/** @throws KatError FILES_INVALID when a file cannot be read. */
export async function culpritFinding(
  graph: Graph,
  culprit: Culprit,
  dialect: TextDialect,
): Promise<VerifyFinding> {
  const { ids, differences, failure } = culprit;
  const [first, second] = ids;
  const [before, after] = await Promise.all([
    readMigrationTexts(graph.get(first), dialect),
    readMigrationTexts(graph.get(second), dialect),
  ]);
  const [difference] = differences;
  const reason = failure ? (failure.problems[0]?.message ?? failure.message) : difference?.sentence;
  return {
    code: failure ? 'order-fails' : 'order-differs',
    severity: 'error',
    message: `${consequence(culprit)} if ${second} runs before ${first}: ${reason}`,
    help: `Add ${first} to the parents of ${second}.`,
    migration: second,
    location: placeOf(after, difference),
    related: [
      { message: `${first} runs first in the order of kat up`, location: placeOf(before, difference) },
    ],
  };
}

function consequence({ failure }: Culprit): string {
  return failure instanceof MigrationError ? `${failure.migration} fails` : 'the schema differs';
}

function placeOf(texts: MigrationTexts, difference: SchemaDifference | undefined) {
  const object = (difference?.before ?? difference?.after) as SnapshotObject | undefined;
  const effect = object && findEffect(texts.up, object, 'alter');
  return texts.locate('up', effect ?? texts.up.effects[0]);
}
