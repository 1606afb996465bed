/** Warns about or refuses edits of applied migrations before `up` runs. */

import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { wholeFile } from '../../project/source-text.js';
import type { EventListener } from '../events.js';
import { describeUpEdit, type UpEdit } from '../ledger/edited.js';
import { type DatabaseState, findEdits } from './plan-run.js';

interface EditSetting {
  checksums: ChecksumPolicy;
  onEvent: EventListener;
}

/**
 * Compares every applied up.sql with what was applied, unless the policy is `off`. Tells one warning.
 * @throws KatError MIGRATIONS_CHANGED instead, with the policy `strict`.
 */
export async function checkEdits(
  { checksums, onEvent }: EditSetting,
  folder: Graph,
  state: DatabaseState,
): Promise<void> {
  if (checksums === 'off') return;
  const edits = await findEdits(folder, state);
  if (edits.size === 0) return;
  if (checksums === 'strict') throw changedError(edits, folder);
  for (const kind of ['sql', 'comments'] as const) {
    const ids = [...edits].flatMap(([id, edit]) => (edit === kind ? [id] : []));
    if (ids.length > 0) onEvent({ type: 'warning', message: describeEdits(ids, kind), help: help[kind] });
  }
}

const help: Readonly<Record<UpEdit, string>> = {
  sql: 'Run `kat validate` for the locations and remedies.',
  comments: 'The SQL is the same. `kat repair` accepts the edit.',
};

function describeEdits(ids: readonly string[], edit: UpEdit): string {
  const isOne = ids.length === 1;
  const fact = isOne
    ? `${ids[0]} was edited after it was applied`
    : `${ids.length} migrations were edited after they were applied`;
  const extent = edit === 'sql' ? '' : `, but only ${isOne ? 'its' : 'their'} comments and white space`;
  return `${fact}${extent}${isOne ? '' : `: ${listIds(ids, ids.length)}`}`;
}

function changedError(edits: ReadonlyMap<string, UpEdit>, folder: Graph): KatError {
  return new KatError(
    'MIGRATIONS_CHANGED',
    `${counted(edits.size, 'applied migration')} ${edits.size === 1 ? 'was' : 'were'} edited later, which \`checksums: strict\` forbids`,
    {
      problems: [...edits].map(([id, edit]) => ({
        message: describeUpEdit(folder.get(id), edit),
        migration: id,
        location: wholeFile(folder.get(id).files.up),
      })),
      help: 'Restore the files and write new migrations, or accept reviewed edits with `kat repair`. Nothing was run.',
    },
  );
}
