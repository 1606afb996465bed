/** Restores constraint modes as the end of a transaction would: runs deferred checks, and resets to defaults. */

/** Checks what was deferred; then everything that can be deferred is. */
export const checkDeferred: readonly string[] = [
  'SET CONSTRAINTS ALL IMMEDIATE',
  'SET CONSTRAINTS ALL DEFERRED',
];

/**
 * The constraints that are deferrable and begin as immediate, as one text for SET CONSTRAINTS; null without any. SET CONSTRAINTS
 * takes names without tables (trigger.c, AfterTriggerSetState), so a name that another kind of constraint shares is left out.
 */
export const immediateNames = `SELECT pg_catalog.string_agg(DISTINCT pg_catalog.format('%I.%I', n.nspname, c.conname), ', ')
FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
WHERE c.condeferrable AND NOT c.condeferred AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_constraint o
  WHERE o.connamespace = c.connamespace AND o.conname = c.conname AND (o.condeferred OR NOT o.condeferrable))`;

/** The same as one statement of a file. */
export const restoreConstraintModes = `DO $kat$
DECLARE
  names pg_catalog.text;
BEGIN
  ${checkDeferred.join(';\n  ')};
  names := (${immediateNames.replaceAll('\n', '\n    ')});
  IF names IS NOT NULL THEN
    EXECUTE 'SET CONSTRAINTS ' OPERATOR(pg_catalog.||) names OPERATOR(pg_catalog.||) ' IMMEDIATE';
  END IF;
END
$kat$`;
