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
    remedy: 'Write the file, or bring it back. Delete the folder only if no database has the migration.',
  },
  'bad-file': {
    severity: 'error',
    meaning:
      'A file cannot be read, is no regular file, or is a symbolic link that leads out of the migrations folder.',
    remedy: 'Put the file itself there, readable.',
  },
  'invalid-text': {
    severity: 'error',
    meaning: 'A file is not UTF-8, or it holds a NUL byte.',
    remedy: 'Save it as UTF-8.',
  },
  'invalid-metadata': {
    severity: 'error',
    meaning: '`metadata.yaml` is not valid, or it and the name of its folder disagree.',
    remedy: 'Correct the line.',
  },
  'stray-folder': {
    severity: 'error',
    meaning: "A folder holds an `up.sql`, but its name is not a migration's.",
    remedy: 'Rename it to `<timestamp>_<name>`.',
  },
  'stray-file': {
    severity: 'warning',
    meaning: 'Something looks like a part of a migration, but Kat does not read it there or by that name.',
    remedy: 'Move it into the folder of a migration, rename it, or delete it.',
  },
  'unfinished-change': {
    severity: 'error',
    meaning:
      'A command that changes the migrations folder (`import`, `baseline`, `squash`, `lint --fix`, `deps --fix`) has not finished: it still runs, or it was interrupted.',
    remedy: 'Wait for it. If it was interrupted, run `kat repair`: it completes the change or takes it back.',
  },
  'left-over': {
    severity: 'warning',
    meaning: 'An interrupted `kat add`, `kat merge` or `kat lint --fix` left a hidden folder behind.',
    remedy: 'Delete it: no migration needs it.',
  },
  'duplicate-timestamp': {
    severity: 'error',
    meaning: 'Several migrations have the same timestamp.',
    remedy: 'Give the one that was not released a timestamp of its own.',
  },
  'parent-not-found': {
    severity: 'error',
    meaning: 'No migration matches a parent.',
    remedy: 'Correct the parent, or bring the migration that it means.',
  },
  'ambiguous-parent': {
    severity: 'error',
    meaning: 'A parent is the name of several migrations.',
    remedy: 'Write the timestamp instead.',
  },
  'duplicate-parent': {
    severity: 'error',
    meaning: 'A migration names a parent twice.',
    remedy: 'Take one of them off.',
  },
  'replaced-twice': {
    severity: 'error',
    meaning: 'A migration that was squashed still has its folder, or two migrations claim to replace it.',
    remedy: 'Delete the leftover folder, or correct `replaces`.',
  },
  cycle: {
    severity: 'error',
    meaning: 'Migrations wait for each other.',
    remedy: 'Take one of them off the parents of the one that follows it.',
  },
  'several-heads': {
    severity: 'info',
    meaning: 'Several migrations have no children, which is nothing bad.',
    remedy: 'Nothing: the next `kat add` follows all of them.',
  },
  syntax: {
    severity: 'error',
    meaning: "PostgreSQL's parser does not understand a file.",
    remedy: 'Correct the SQL.',
  },
  psql: {
    severity: 'error',
    meaning: 'A file has commands or variables of psql, or rows behind `COPY … FROM STDIN`.',
    remedy: 'Write SQL that does the same.',
  },
  'transaction-control': {
    severity: 'error',
    meaning: 'A statement interferes with the transaction that Kat runs the migration in.',
    remedy: 'Take it out.',
  },
  'needs-no-transaction': {
    severity: 'error',
    meaning: 'A statement cannot run in a transaction.',
    remedy: 'Set `no_transaction: true`.',
  },
  'unsplittable-sql': {
    severity: 'error',
    meaning: 'A migration has `no_transaction: true`, and its file is too long to be taken apart.',
    remedy: 'Split it.',
  },
  'unchecked-sql': {
    severity: 'warning',
    meaning: 'A file is too long to be checked beforehand.',
    remedy: 'Nothing, or split it: the server will check it.',
  },
  'needless-no-transaction': {
    severity: 'warning',
    meaning: 'Nothing in a migration needs `no_transaction: true`.',
    remedy: 'Take it out, so that the migration happens as a whole or not at all.',
  },
  'empty-up': {
    severity: 'error',
    meaning:
      'An `up.sql` has no statements, so `kat up` stops before it. One that joins several parents may be empty. Only a warning where it is applied.',
    remedy:
      'Write it, or delete the migration if no database has it. `SELECT;` is for one that is to do nothing.',
  },
  'missing-down': {
    severity: 'warning',
    meaning: 'There is no `down.sql`, so the migration cannot be rolled back.',
    remedy: 'Write it.',
  },
  'empty-down': {
    severity: 'warning',
    meaning: 'A `down.sql` has no statements, so a rollback leaves everything but the row.',
    remedy: 'Write it; or, where nothing can be taken back, delete it, so that nobody tries.',
  },
  'missing-folder': {
    severity: 'error',
    meaning: 'A migration is applied, but its folder is gone.',
    remedy:
      'Check out the branch that has it. Rename a renamed folder back. Set another `tablename` where another project uses the table. `kat down` and `kat sync` roll it back, with all rows of what it created.',
  },
  'unknown-row': {
    severity: 'error',
    meaning: "The tracking table has a row whose name is not a migration's.",
    remedy: 'Find out who wrote it. Set another `tablename` where another project uses the table.',
  },
  unordered: {
    severity: 'error',
    meaning: 'A migration is applied while one of its parents is not.',
    remedy: 'Apply the parent with `kat up`, or correct the parents.',
  },
  'half-done': {
    severity: 'error',
    meaning: 'A `no_transaction` migration stopped between two statements.',
    remedy: 'Run `kat up` or `kat down` to go on.',
  },
  'half-squashed': {
    severity: 'error',
    meaning: 'A squashed migration is not applied, but a part of what it stands for is.',
    remedy: 'Check out the commit before the squash, run `kat up`, and come back.',
  },
  edited: {
    severity: 'warning',
    meaning:
      'The `up.sql` of an applied migration was edited since. An error with `checksums: strict`, only information with `checksums: off`.',
    remedy:
      'Bring the file back and write a new migration, or accept a reviewed edit with `kat repair`. `kat redo --modified` runs it again, and loses the rows of what it created.',
  },
  late: {
    severity: 'info',
    meaning: 'A pending migration is older than the newest that is applied, as after a merge.',
    remedy: 'Nothing: the graph decides the order.',
  },
  'base-edited': {
    severity: 'error',
    meaning: 'The `up.sql` of a migration of the base was edited. Line endings do not count.',
    remedy: 'Bring it back, and write a new migration.',
  },
  'base-down-edited': {
    severity: 'warning',
    meaning: 'The `down.sql` of a migration of the base was edited, added or deleted.',
    remedy:
      'Nothing, if it is meant: databases that have it applied go back by the SQL that was stored then.',
  },
  'base-deleted': {
    severity: 'error',
    meaning: 'A migration of the base is gone.',
    remedy: 'Bring it back, and undo what it does in a new migration.',
  },
  'base-renamed': {
    severity: 'error',
    meaning: 'A migration of the base has another name or timestamp, so it would be applied again.',
    remedy: 'Give it its old name.',
  },
  'base-reparented': {
    severity: 'error',
    meaning: 'A migration of the base has other parents, however they are written.',
    remedy: 'Bring the parents back: databases that have it applied know the old ones.',
  },
  'base-unavailable': {
    severity: 'warning',
    meaning: 'The branch that a pull request goes to is not in this clone, so nothing was compared with it.',
    remedy: 'Fetch it: `fetch-depth: 0` for actions/checkout.',
  },
};
