/** Warns about or refuses edits of applied migrations before `up` runs. */

import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { wholeFile } from '../../project/source-text.js';
import type { EventListener } from '../events.js';
import { type DatabaseState, findChanged } from './plan-run.js';

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
  const edited = await findChanged(folder, state);
  if (edited.length === 0) return;
  if (checksums === 'strict') throw changedError(edited, folder);
  const message =
    edited.length === 1
      ? `${edited[0]} was edited after it was applied`
      : `${edited.length} migrations were edited after they were applied: ${listIds(edited, edited.length)}`;
  onEvent({ type: 'warning', message, help: 'Run `kat validate` for the locations and remedies.' });
}

function changedError(ids: readonly string[], folder: Graph): KatError {
  return new KatError(
    'MIGRATIONS_CHANGED',
    `${ids.length} applied migration(s) were edited later, which \`checksums: strict\` forbids`,
    {
      problems: ids.map((id) => ({
        message: `up.sql of ${id} was edited after it was applied`,
        migration: id,
        location: wholeFile(folder.get(id).files.up),
      })),
      help: 'Restore the files and write new migrations, or accept reviewed edits with `kat repair`. Nothing was run.',
    },
  );
}
