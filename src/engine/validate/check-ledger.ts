/** Holds what a database says is applied against the migrations folder. */

import { KatError } from '../../errors.js';
import type { Finding, Severity } from '../../findings.js';
import { listIds } from '../../graph/list-ids.js';
import {
  compareMigrations,
  type Migration,
  type MigrationId,
  parseMigrationId,
} from '../../graph/migration.js';
import { adviseOnRenames, adviseSafely, describeMissing } from '../../graph/missing-advice.js';
import type { MissingCause, Rename } from '../../graph/missing-cause.js';
import { findHalfReplaced, type HalfReplaced, withoutReplaced } from '../../graph/replaced.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { wholeFile } from '../../project/source-text.js';
import { describeUpEdit, type UpEdit } from '../ledger/edited.js';
import { describeStop } from '../ledger/journal.js';
import { type LedgerSnapshot, type MigrationStatus, statusOf } from '../ledger/migration-status.js';
import { hasOtherSql } from '../ledger/wrong-states.js';
import { adviseOnContained, adviseOnJoined, findJoined } from '../plan/contained.js';
import { missingCauseOf } from '../plan/read-missing.js';
import { finding, findingOf } from './finding-of.js';
import type { Folder } from './read-folder.js';

interface LedgerCheck {
  findings: Finding[];
  /** Ids of applied migrations whose up.sql is what was applied. */
  unchanged: ReadonlySet<string>;
}

const severityOfEdits: Readonly<Record<UpEdit, Readonly<Record<ChecksumPolicy, Severity>>>> = {
  sql: { warn: 'warning', strict: 'error', off: 'info' },
  comments: { warn: 'info', strict: 'error', off: 'info' },
};

/** Reads the up.sql of every applied migration. */
export function checkLedger(folder: Folder, state: LedgerSnapshot, checksums: ChecksumPolicy): LedgerCheck {
  const ids = new Set([
    ...withoutReplaced(folder.graph, state.applied.keys()),
    ...folder.graph.migrations.map(({ id }) => id),
    ...state.halfDone.keys(),
  ]);
  const newest = findNewest(state.applied.keys());
  const applied = new Set(state.applied.keys());
  const findings = findHalfReplaced(folder.graph, applied).map((found) => halfSquashed(found, folder));
  const missing = missingCauseOf(folder.graph, state);
  const unchanged = new Set<string>();
  for (const id of ids) {
    const status = findStatus(folder, id, state);
    if (Array.isArray(status)) {
      findings.push(...status);
      continue;
    }
    if (status.state === 'applied' && !editOf(status)) unchanged.add(id);
    const joined = findRecorded(folder, status, state);
    findings.push(...describeStatus(status, folder, { newest, missing, checksums, joined }));
  }
  return { findings, unchanged };
}

/** What the edited migration may contain and is recorded as applied, without having run by itself. */
function findRecorded(
  { graph }: Folder,
  status: MigrationStatus,
  { lastSuccesses }: LedgerSnapshot,
): string[] {
  if (editOf(status) !== 'sql') return [];
  const isStamped = (id: string) => lastSuccesses.get(id)?.outcome === 'stamped';
  return findJoined(graph, status.id, lastSuccesses.get(status.id)).filter(isStamped);
}

/** @returns what is wrong with its file, where that keeps it from being compared. */
function findStatus(
  { graph, broken }: Folder,
  id: string,
  state: LedgerSnapshot,
): MigrationStatus | Finding[] {
  try {
    return statusOf(graph, id, state);
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    if (broken.has(id)) return [];
    return error.problems.map((problem) => findingOf({ ...problem, migration: id }));
  }
}

function findNewest(ids: Iterable<string>): MigrationId | undefined {
  const known = [...ids].flatMap((id) => parseMigrationId(id) ?? []);
  return known.sort(compareMigrations).at(-1);
}

interface Surroundings {
  newest: MigrationId | undefined;
  missing: MissingCause | undefined;
  checksums: ChecksumPolicy;
  /** As `findRecorded` finds them. */
  joined: readonly string[];
}

function describeStatus(
  status: MigrationStatus,
  { graph, broken }: Folder,
  { newest, missing, checksums, joined }: Surroundings,
): Finding[] {
  const { id } = status;
  const files = graph.has(id) ? graph.get(id).files : undefined;
  const at = (file: 'up' | 'down' | 'metadata') => (files ? { location: wholeFile(files[file]) } : {});
  const findings: Finding[] = [];
  if (status.state === 'missing') findings.push(withoutFolder(id, missing));
  const edit = editOf(status);
  if (edit)
    findings.push({
      ...edited(graph.get(id), edit, { unapplied: status.unappliedParents, joined }),
      severity: severityOfEdits[edit][checksums],
      ...at('up'),
    });
  if (status.downChange)
    findings.push({ ...downEdited(status), ...at(status.downChange === 'edited' ? 'down' : 'metadata') });
  if (status.unappliedParents)
    findings.push({ ...unordered(status, status.unappliedParents), ...at('metadata') });
  if (status.halfDone) findings.push({ ...halfDone(id, status.halfDone, graph.has(id)), ...at('up') });
  if (status.state === 'pending' && !broken.has(id) && newest && isOlder(id, newest)) {
    findings.push({ ...late(id, newest.id), ...at('metadata') });
  }
  return findings;
}

function isOlder(id: string, newest: MigrationId): boolean {
  const parts = parseMigrationId(id);
  return parts !== undefined && compareMigrations(parts, newest) < 0;
}

function withoutFolder(id: string, cause: MissingCause | undefined): Finding {
  if (parseMigrationId(id)) {
    const renamed = cause?.renames.find(({ from }) => from === id);
    return finding('missing-folder', {
      message: describeMissing(id, renamed?.to),
      help: adviseOnOne(id, cause, renamed),
      migration: id,
    });
  }
  return finding('unknown-row', {
    message: `the tracking table has a row ${JSON.stringify(id)}, which is not the name of a migration`,
    help: 'Find out which program wrote it. If another project uses this tracking table, set another `tablename`.',
    migration: id,
  });
}

function adviseOnOne(id: string, cause: MissingCause | undefined, renamed: Rename | undefined): string {
  if (renamed) return adviseOnRenames([renamed]);
  const foreign = cause?.seemsForeign ? adviseSafely(cause) : undefined;
  return (
    foreign ??
    `Check out the branch that has it. Or roll it back: \`kat down ${id}\` runs the down.sql that the log has, if it has one, and drops what the migration created, with all rows.`
  );
}

function editOf(status: MigrationStatus): UpEdit | undefined {
  if (!status.isChanged) return undefined;
  return hasOtherSql(status) ? 'sql' : 'comments';
}

function edited(
  migration: Migration,
  edit: UpEdit,
  { unapplied = [], joined }: { unapplied: readonly string[] | undefined; joined: readonly string[] },
): Finding {
  const { id } = migration;
  return finding('edited', {
    message: describeUpEdit(migration, edit),
    help: adviseOnEdit(id, edit, { unapplied, joined }),
    migration: migration.id,
  });
}

function adviseOnEdit(
  id: string,
  edit: UpEdit,
  { unapplied, joined }: { unapplied: readonly string[]; joined: readonly string[] },
): string {
  if (edit === 'sql' && unapplied.length > 0) return adviseOnContained(id, unapplied);
  return joined.length > 0 ? adviseOnJoined(id, joined) : helpOnEdit[edit](id);
}

const helpOnEdit: Readonly<Record<UpEdit, (id: string) => string>> = {
  sql: (id) =>
    `Restore the file and write a new migration. Or accept a reviewed edit with \`kat repair ${id}\`, which runs no SQL. Or, in development only, run \`kat redo --modified\`: it rolls back ${id} and its descendants, with all their rows, and applies them again.`,
  comments: (id) =>
    `The SQL is the same. \`kat repair ${id}\` records the file as the applied text and runs no SQL.`,
};

function downEdited(status: MigrationStatus): Finding {
  const { id, downChange } = status;
  return finding('down-edited', {
    message: `down.sql of ${id} was ${downChange} after the migration was applied`,
    help: hasOtherSql(status) ? downOfLog : downHelp[downChange ?? 'edited'],
    migration: id,
  });
}

const downOfLog = 'A rollback runs the down.sql that the log has, because up.sql was edited, too.';

const downHelp: Readonly<Record<NonNullable<MigrationStatus['downChange']>, string>> = {
  edited: 'A rollback runs the file as it is now. Check that it takes back what up.sql did.',
  deleted: 'Restore the file: without it, the migration cannot be rolled back.',
};

function halfSquashed({ id, applied, unapplied }: HalfReplaced, { graph }: Folder): Finding {
  return finding('half-squashed', {
    message: `${id} replaces ${listIds(applied)}, which ${applied.length === 1 ? 'is' : 'are'} applied, and ${listIds(unapplied)}, not applied`,
    help: 'Check out the commit before the squash, run `kat up`, and return to this commit.',
    migration: id,
    location: wholeFile(graph.get(id).files.metadata),
  });
}

function unordered(status: MigrationStatus, parents: readonly string[]): Finding {
  const { id } = status;
  return finding('unordered', {
    message: `${id} is applied, but ${listIds(parents)} among its parents ${parents.length === 1 ? 'is' : 'are'} not`,
    help: hasOtherSql(status)
      ? adviseOnContained(id, parents)
      : 'Run `kat up`, or correct its parents in metadata.yaml.',
    migration: id,
  });
}

function halfDone(
  id: string,
  { direction, finished, mayBeRunning }: NonNullable<MigrationStatus['halfDone']>,
  hasFolder: boolean,
): Finding {
  const command = `kat ${direction}${direction === 'down' ? ` ${id}` : ''}`;
  const byHand = `Or finish or undo the migration by hand, and record that with \`kat repair --done ${id}\` or \`--undone ${id}\`.`;
  // A rollback continues with the stored SQL.
  const canContinue = hasFolder || direction === 'down';
  return finding('half-done', {
    message: `${id} ${describeStop({ direction, finished })}${mayBeRunning ? ', or is running now' : ''}`,
    help: canContinue
      ? `${mayBeRunning ? 'If a run is in progress, wait for it. Otherwise run' : 'Run'} \`${command}\` to continue at the next statement. If a finished statement was edited since, restore it first. ${byHand}`
      : `Its folder is missing. Restore the folder, or undo its renaming, to continue. ${byHand}`,
    migration: id,
  });
}

function late(id: string, newest: string): Finding {
  return finding('late', {
    message: `${id} is pending, but older than ${newest}, which is applied`,
    help: 'No action needed: the graph decides the order, and `kat up` applies it.',
    migration: id,
  });
}
