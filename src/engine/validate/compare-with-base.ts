/** Holds the migrations folder against what it was on the branch that it will be merged into. */

import { KatError } from '../../errors.js';
import type { Finding } from '../../findings.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { loadBaseMigrations } from '../../project/git/base-migrations.js';
import { findBase, findUpstream, type GitBase, type NoBase } from '../../project/git/find-base.js';
import { checkBaseMigrations } from './check-base.js';
import { finding } from './finding-of.js';
import type { Folder } from './read-folder.js';

/** Which base is wanted. */
export interface BaseOptions {
  /**
   * The git revision that the folder is compared with, at the commit where the branch left it; `none` for no comparison.
   * Default: `pullRequestBase`, else the upstream of the current branch if there is one.
   */
  gitBase?: string | undefined;
  /** The branch that a pull request goes to; where it can't be compared with, that is a warning and no failure. */
  pullRequestBase?: string | undefined;
}

interface Comparison {
  findings: readonly Finding[];
  /** Absent where nothing was compared. */
  base?: GitBase;
}

/** @throws KatError USAGE when `gitBase` names no revision here. */
export async function compareWithBase(
  folder: Folder,
  directory: string,
  { gitBase, pullRequestBase, checksums }: BaseOptions & { checksums: ChecksumPolicy },
): Promise<Comparison> {
  if (gitBase === 'none') return { findings: [] };
  const revision = gitBase ?? pullRequestBase ?? (await findUpstream(directory));
  if (revision === undefined) return { findings: [] };
  if (typeof revision !== 'string') return { findings: [unavailable(revision)] };
  const base = await findBase(directory, revision);
  if ('commit' in base) {
    const migrations = await loadBaseMigrations(directory, base.commit);
    return { base, findings: await checkBaseMigrations(folder, migrations, checksums) };
  }
  if (gitBase === undefined) return { findings: [unavailable(base)] };
  throw new KatError('USAGE', base.reason, { help: base.help });
}

function unavailable({ reason, help }: NoBase): Finding {
  return finding('base-unavailable', {
    message: `nothing was compared with the base branch: ${reason}`,
    help,
  });
}
