/** Tells which states of a migration nobody should leave as they are. */

import type { MigrationStatus } from './migration-status.js';

/** Whether somebody has to decide what becomes of it: it is missing, its SQL was edited, it is unordered or half done. */
export function isWrong(
  status: Pick<MigrationStatus, 'state' | 'isChanged' | 'onlyComments' | 'unappliedParents' | 'halfDone'>,
): boolean {
  const { state, unappliedParents, halfDone } = status;
  return (
    state === 'missing' || hasOtherSql(status) || unappliedParents !== undefined || halfDone !== undefined
  );
}

/** Whether its up.sql would not do what was applied. */
export function hasOtherSql({
  isChanged,
  onlyComments,
}: Pick<MigrationStatus, 'isChanged' | 'onlyComments'>): boolean {
  return isChanged === true && onlyComments !== true;
}
