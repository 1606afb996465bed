/** Executes the migrations of two branches in both orders: for SQLite, as there is no parser that could compare them. */

import { KatError, MigrationError } from '../../../errors.js';
import type { Finding } from '../../../findings.js';
import { compareSnapshots } from '../../../sql/snapshot/compare.js';
import type { SchemaSnapshot } from '../../../sql/snapshot/snapshot.js';
import type { MergedFolder } from './merged-folder.js';

/** Applies all migrations, these before the others. @throws KatError whose cause is a MigrationError. */
type BuildInOrder = (first: ReadonlySet<string>) => Promise<{ snapshot: SchemaSnapshot }>;

/** @returns an error for each difference, or for the migration that fails. */
export async function tryBothOrders(
  { ours, theirs }: MergedFolder['added'],
  build: BuildInOrder,
): Promise<Finding[]> {
  if (ours.size === 0 || theirs.size === 0) return [];
  try {
    const [one, other] = [await build(ours), await build(theirs)];
    return compareSnapshots(one.snapshot, other.snapshot)
      .filter(({ within }) => within === undefined)
      .map(({ sentence }) => orderError('order-differs', `the other branch first: ${sentence}`));
  } catch (error) {
    if (!(error instanceof KatError && error.cause instanceof MigrationError)) throw error;
    const { migration } = error.cause;
    const reason = error.problems[0]?.message ?? error.message;
    return [{ ...orderError('order-fails', `${migration} fails in one order: ${reason}`), migration }];
  }
}

function orderError(code: string, message: string): Finding {
  return { code, severity: 'error', message };
}
