/** What to do about two migrations of which the second fails in both orders. */

/** An edge would only hide them from `kat check` and `kat deps` until the second is run. */
export const noOrderHelps =
  'Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.';
