/** Replaces a migration and its ancestors with one that keeps its id, so that databases which have it need no change. */

import { resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { MigrationFiles } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { findSquashSet, type SquashSet } from '../../graph/squash.js';
import { present } from '../../present.js';
import { type FolderTexts, rewrittenFolder } from '../../project/folder/change/rewritten-folder.js';
import { type StagedChange, stageChange } from '../../project/folder/change/stage-change.js';
import { loadMigrations } from '../../project/folder/load.js';
import { formatMetadata } from '../../project/metadata/migration-texts.js';
import { hasBareName } from '../../project/metadata/name-form.js';
import { checksumsOf } from '../ledger/bare-checksum.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { type ConfirmRecords, writeRecordings } from '../records/change-records.js';
import { type DumpOptions, dumpSchema } from '../records/dump-schema.js';
import { recordAndApply } from '../records/recorded-change.js';
import type { SchemaPlace } from '../schema/schema-text.js';
import { askToConfirm } from '../session/ask-to-confirm.js';
import type { LockedSession } from '../session/locked-session.js';
import { withConnection } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { waitPatiently } from '../session/session-reset.js';
import { underLock } from '../session/with-locked-session.js';
import { type ProofOptions, proveSquash, type SquashProof } from './prove-squash.js';
import { refuseOthers, refuseProgramMembers, refuseUncommitted } from './squash-refusals.js';
import { joinUps, replaceUps, type SquashTexts } from './squash-texts.js';

export interface SquashOptions extends Pick<DumpOptions, 'pgDump'>, ProofOptions {
  /** The migration that replaces all its ancestors, named as on the command line. */
  to: string;
  /** Write down the schema of a database that has just these, instead of joining their SQL. */
  dump?: boolean | undefined;
  /** Go on although git could not bring the old folders back. */
  force?: boolean | undefined;
  /** Change nothing. */
  dryRun?: boolean | undefined;
  /** Called before folders are replaced; `false` ends the call with CANCELLED. Default: no confirmation. */
  confirm?: ConfirmRecords<SquashPlan> | undefined;
}

export interface SquashSetting extends RunSetting {
  /** Where the schemas before and after are compared. */
  place: SchemaPlace;
}

export interface SquashPlan {
  id: string;
  /** Ids of the replaced migrations. */
  replaces: readonly string[];
  /** Whether it can be rolled back. */
  hasDown: boolean;
  /** A rollback leaves what some of them did, because their down.sql has no statements. */
  isDownPartial?: true;
  /** Points to review before committing. */
  remarks: readonly string[];
  /** Whether the schema is the same before and after. */
  proof: SquashProof;
}

export interface SquashResult extends SquashPlan {
  isDryRun: boolean;
  /** Absolute paths; down.sql may be missing. */
  files: MigrationFiles;
}

/**
 * @throws KatError SQUASH_DIFFERS, STATE_UNKNOWN where the schema is not the same, or that cannot be proven; USAGE when the set is entered or left in the middle, the folders are not in git, or the database has something
 *   else applied; SQL_INVALID, FILES_INVALID; CANCELLED. Then everything is as it was.
 */
export async function squash(setting: SquashSetting, options: SquashOptions): Promise<SquashResult> {
  const graph = buildGraph(await loadMigrations(setting.directory));
  const set = findSquashSet(graph, findTarget(graph, options.to));
  refuseProgramMembers(set);
  if (!options.force) await refuseUncommitted(setting.directory, set);
  return options.dump
    ? squashByDump(setting, { graph, set }, options)
    : replace(setting, { graph, set, texts: await joinUps(graph, set.members) }, options);
}

function findTarget(graph: Graph, reference: string) {
  const [target, ...others] = findMigrations(graph, reference);
  if (target && others.length === 0) return target;
  throw new KatError('USAGE', `--to takes one migration, but ${reference} means ${others.length + 1}`, {
    help: 'Join the heads with `kat merge`, or name one migration.',
  });
}

interface Work {
  graph: Graph;
  set: SquashSet;
}

async function squashByDump(
  setting: SquashSetting,
  { graph, set }: Work,
  options: SquashOptions,
): Promise<SquashResult> {
  return withConnection(setting, 'squash', async (place) => {
    const ledger = await findLedger(place.session, setting.tableName);
    refuseOthers(graph, set, await readAppliedIds(place.session, ledger));
    if (options.confirm) await waitPatiently(place.session);
    const { signal, driver } = setting;
    const dump = await dumpSchema(driver, { ...place, ledger, signal }, { pgDump: options.pgDump });
    const { literals } = place.session;
    const joined = await replaceUps(graph, set.members, { sql: dump.sql, literals });
    const texts = { ...joined, remarks: [...dump.leftOut, ...joined.remarks] };
    return replace(setting, { graph, set, texts }, options, (staged, contents) =>
      underLock(setting, place, async (lockedSession) => {
        refuseOthers(graph, set, await readAppliedIds(lockedSession.session, lockedSession.ledger));
        await applyRecorded(setting, lockedSession, { staged: staged(), contents, id: set.target.id });
      }),
    );
  });
}

/** Committed first: a database without the entry takes the new text for what it was before, as any other that has the migration. */
async function applyRecorded(
  setting: RunSetting,
  lockedSession: LockedSession,
  { staged, contents, id }: { staged: StagedChange; contents: FolderTexts; id: string },
): Promise<void> {
  const { up, down } = contents;
  const facts = { ...checksumsOf(up), parents: [], noTransaction: false };
  const asSquashed = { ...facts, ...present({ downSql: down }) };
  staged.commit();
  await recordAndApply(staged, () =>
    writeRecordings(setting, lockedSession, {
      recordings: [{ id, direction: 'up', outcome: 'repaired', isLogOnly: true, ...asSquashed }],
    }),
  );
}

type Carry = (staged: () => StagedChange, contents: FolderTexts) => Promise<void>;

async function replace(
  { directory, place, signal }: SquashSetting,
  { graph, set, texts }: Work & { texts: SquashTexts },
  { dryRun: isDryRun = false, confirm, dump: isDump = false, ...options }: SquashOptions,
  carry: Carry = async (staged) => staged().apply(),
): Promise<SquashResult> {
  const { target, members, replaces } = set;
  const { id, files } = target;
  const contents = { up: heading(set) + texts.up, down: texts.down, metadata: metadataOf(set) };
  const plan = {
    id,
    replaces,
    hasDown: texts.down !== undefined,
    ...(texts.isDownPartial ? { isDownPartial: true as const } : {}),
    remarks: texts.remarks,
    proof: await proveSquash(place, { graph, id, contents, isDump }, options),
  };
  if (isDryRun) return { ...plan, isDryRun, files };
  if (confirm && !(await askToConfirm(confirm, plan, signal))) {
    throw new KatError('CANCELLED', 'nothing was done: the confirmation was declined');
  }
  const remove = members.map((member) => member.id).filter((member) => member !== id);
  const put = [rewrittenFolder(resolve(directory), id, contents)];
  await carry(() => stageChange(directory, { command: 'squash', put, remove }), contents);
  return { ...plan, isDryRun, files };
}

function heading({ members, target }: SquashSet): string {
  return `-- ${members.length} migrations squashed into ${target.id}; see git history for the originals.\n\n`;
}

function metadataOf({ target, replaces }: SquashSet): string {
  const { id, description } = target;
  return formatMetadata({
    id,
    name: hasBareName(target) ? target.name : id,
    timestamp: id.slice(0, id.indexOf('_')),
    ...present({ description }),
    parents: [],
    replaces,
  });
}
