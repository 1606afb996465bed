/** Every kind of thing that `kat validate` may find: the one source of severities and of the table in the docs. */

import type { ProblemCode } from '../../errors.js';
import type { Severity } from '../../findings.js';

interface FindingKind {
  severity: Severity;
  /** For the docs: what is found, and what to do about it. */
  meaning: string;
  remedy: string;
}

type LedgerCode =
  | 'half-squashed'
  | 'missing-folder'
  | 'unknown-row'
  | 'unordered'
  | 'half-done'
  | 'edited'
  | 'down-edited'
  | 'late';

type BaseCode =
  | 'base-edited'
  | 'base-down-edited'
  | 'base-deleted'
  | 'base-renamed'
  | 'base-reparented'
  | 'base-unavailable';

/** The stable words for what `kat validate` finds. */
export type FindingCode = ProblemCode | LedgerCode | BaseCode | 'several-heads';

/** In the order of the docs. */
export const findingKinds: Readonly<Record<FindingCode, FindingKind>> = {
  'missing-file': {
    severity: 'error',
    meaning: 'A migration has no `up.sql` or no `metadata.yaml`.',
    remedy: 'Write the file, or restore it. Delete the folder only if no database has the migration.',
  },
  'bad-file': {
    severity: 'error',
    meaning:
      'A file cannot be read, is not a regular file, or is a symbolic link to outside the migrations folder.',
    remedy: 'Replace it with a readable regular file.',
  },
  'invalid-text': {
    severity: 'error',
    meaning: 'A file is not UTF-8, or contains a NUL byte.',
    remedy: 'Save it as UTF-8.',
  },
  'invalid-metadata': {
    severity: 'error',
    meaning: '`metadata.yaml` is not valid, or contradicts the name of its folder.',
    remedy: 'Correct the line.',
  },
  'stray-folder': {
    severity: 'error',
    meaning: 'A folder has an `up.sql`, but its name is not a migration id.',
    remedy: 'Rename it to `<timestamp>_<name>`.',
  },
  'stray-file': {
    severity: 'warning',
    meaning:
      'A file or folder looks like part of a migration, but its place or name is wrong, so Kat does not read it.',
    remedy: 'Move it into the folder of a migration, rename it, or delete it.',
  },
  'unfinished-change': {
    severity: 'error',
    meaning:
      'A command that changes the migrations folder (`import`, `baseline`, `squash`, `lint --fix`, `deps --fix`) has not finished: it still runs, or it was interrupted.',
    remedy: 'Wait for it. If it was interrupted, run `kat repair`: it completes the change or undoes it.',
  },
  'left-over': {
    severity: 'warning',
    meaning: 'An interrupted `kat add`, `kat merge` or `kat lint --fix` left a hidden folder behind.',
    remedy: 'Delete it: no migration needs it.',
  },
  'duplicate-timestamp': {
    severity: 'error',
    meaning: 'Several migrations have the same timestamp.',
    remedy: 'Give the unreleased migration another timestamp.',
  },
  'parent-not-found': {
    severity: 'error',
    meaning: 'No migration matches a parent.',
    remedy: 'Correct the parent, or add the missing migration.',
  },
  'ambiguous-parent': {
    severity: 'error',
    meaning: 'A parent reference matches several migrations.',
    remedy: 'Write the timestamp instead.',
  },
  'duplicate-parent': {
    severity: 'error',
    meaning: 'A migration names a parent twice.',
    remedy: 'Remove one of the two entries.',
  },
  'replaced-twice': {
    severity: 'error',
    meaning: 'A migration that was squashed still has its folder, or two migrations claim to replace it.',
    remedy: 'Delete the leftover folder, or correct `replaces`.',
  },
  cycle: {
    severity: 'error',
    meaning: 'Migrations depend on each other.',
    remedy: 'Remove one of the entries of `parents` that close the cycle.',
  },
  'several-heads': {
    severity: 'info',
    meaning: 'Several migrations have no children. This is not a problem.',
    remedy:
      'None needed: the next `kat add` takes all heads as parents, or with --up those that its SQL needs.',
  },
  syntax: {
    severity: 'error',
    meaning: "PostgreSQL's parser rejects a file.",
    remedy: 'Correct the SQL.',
  },
  psql: {
    severity: 'error',
    meaning: 'A file has psql commands or variables, or rows after `COPY … FROM STDIN`.',
    remedy: 'Write SQL that does the same.',
  },
  'transaction-control': {
    severity: 'error',
    meaning: 'A statement interferes with the transaction of the migration.',
    remedy: 'Remove it.',
  },
  'needs-no-transaction': {
    severity: 'error',
    meaning: 'A statement cannot run in a transaction.',
    remedy: 'Set `no_transaction: true`.',
  },
  'unsplittable-sql': {
    severity: 'error',
    meaning: 'A migration has `no_transaction: true`, and its file is too long to be split into statements.',
    remedy: 'Split it.',
  },
  'unchecked-sql': {
    severity: 'warning',
    meaning: 'A file is too long to be checked beforehand.',
    remedy: 'None needed, or split the file: the server checks it at run time.',
  },
  'needless-no-transaction': {
    severity: 'warning',
    meaning: 'Nothing in a migration needs `no_transaction: true`.',
    remedy: 'Remove the setting, so that the migration is applied completely or not at all.',
  },
  'two-files': {
    severity: 'error',
    meaning: 'A migration has two files for one direction, such as `up.sql` and `up.ts`.',
    remedy: 'Keep the file that is meant to run.',
  },
  'unfit-program': {
    severity: 'error',
    meaning: 'A program has `no_transaction: true`, or the database is SQLite.',
    remedy: 'Remove `no_transaction`, or write the migration in SQL.',
  },
  'empty-up': {
    severity: 'error',
    meaning:
      'An `up.sql` has no statements, so `kat up` refuses it. A migration with several parents may be empty, unless `kat add` wrote it. Only a warning if it is applied.',
    remedy:
      'Write its SQL, or delete the migration if no database has it. Write `SELECT 1;` for a migration that does nothing.',
  },
  'missing-down': {
    severity: 'warning',
    meaning: 'There is no `down.sql`, so the migration cannot be rolled back.',
    remedy: 'Write it.',
  },
  'empty-down': {
    severity: 'warning',
    meaning: 'A `down.sql` has no statements, so a rollback removes only the row.',
    remedy: 'Write its SQL. If the migration cannot be rolled back, delete the file.',
  },
  'missing-folder': {
    severity: 'error',
    meaning: 'A migration is applied, but its folder is missing.',
    remedy:
      'Check out the branch that has it. Rename a renamed folder back. If another project uses the table, set another `tablename`. `kat down` and `kat sync` roll it back, with all rows of what it created.',
  },
  'unknown-row': {
    severity: 'error',
    meaning: 'The tracking table has a row whose name is not a migration id.',
    remedy: 'Find out which program wrote it. If another project uses the table, set another `tablename`.',
  },
  unordered: {
    severity: 'error',
    meaning: 'A migration is applied, but one of its parents is not.',
    remedy:
      'Apply the parent with `kat up`, or correct the parents. If the migration was edited as well, it may have been squashed with its parents when it ran: check out a commit from after the squash.',
  },
  'half-done': {
    severity: 'error',
    meaning: 'A `no_transaction` migration stopped between two statements.',
    remedy:
      'Correct the statement that failed, then run `kat up`: it continues there; after a stopped rollback run `kat down` with its name. Or undo or finish it by hand, and record that with `kat repair`.',
  },
  'half-squashed': {
    severity: 'error',
    meaning: 'A squashed migration is not applied, but some of the migrations it replaces are.',
    remedy: 'Check out the commit before the squash, run `kat up`, and return to this commit.',
  },
  edited: {
    severity: 'warning',
    meaning:
      'The `up.sql` of an applied migration was edited later. An error with `checksums: strict`, only information with `checksums: off`, or if only comments and white space were edited.',
    remedy:
      'Restore the file and write a new migration, or accept a reviewed edit with `kat repair`. `kat redo --modified` runs it again, and loses the rows of what it created.',
  },
  'down-edited': {
    severity: 'info',
    meaning: 'The `down.sql` of an applied migration was edited or deleted later. Line endings do not count.',
    remedy: 'None if the change is intended: a rollback runs the file as it is now.',
  },
  late: {
    severity: 'info',
    meaning: 'A pending migration is older than the newest applied migration, for example after a merge.',
    remedy: 'None needed: the graph decides the order.',
  },
  'base-edited': {
    severity: 'error',
    meaning:
      'The `up.sql` of a migration of the base branch was edited. Line endings do not count. Only information if just comments and white space were edited, and `checksums` is not `strict`.',
    remedy: 'Restore the file, and write a new migration.',
  },
  'base-down-edited': {
    severity: 'warning',
    meaning: 'The `down.sql` of a migration of the base branch was edited, added or deleted.',
    remedy: 'None if the change is intended: a rollback runs the file as it is then.',
  },
  'base-deleted': {
    severity: 'error',
    meaning: 'A migration of the base branch is missing.',
    remedy: 'Restore it, and undo its changes in a new migration.',
  },
  'base-renamed': {
    severity: 'error',
    meaning: 'A migration of the base branch has another name or timestamp, so it would be applied again.',
    remedy: 'Restore the old name.',
  },
  'base-reparented': {
    severity: 'error',
    meaning: 'A migration of the base branch has different parents.',
    remedy: 'Restore the parents: databases that have it applied recorded the old ones.',
  },
  'base-unavailable': {
    severity: 'warning',
    meaning:
      'Nothing was compared with the base branch: the target branch of the pull request is not in this clone, or git refuses to read the repository.',
    remedy:
      'Fetch the branch: `fetch-depth: 0` for actions/checkout. Trust a repository of another user with `git config --global --add safe.directory FOLDER`.',
  },
};
