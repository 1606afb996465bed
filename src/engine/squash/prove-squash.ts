/** Compares the schema before and after a squash on a throwaway database. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { FolderTexts } from '../../project/folder/change/rewritten-folder.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import { compareSnapshots } from '../../sql/snapshot/compare.js';
import type { SchemaDifference } from '../../sql/snapshot/difference.js';
import type { BuiltSchema } from '../drift/build-schema.js';
import { buildFolder, type SchemaPlace } from '../schema/schema-text.js';
import { createTemporaryFolder } from '../throwaway/temporary-folder.js';

/** What a comparison before the squash has shown. */
export interface SquashProof {
  /** Whether the schemas were compared; they are equal then. */
  isProven: boolean;
  /** The version of the server, where they were compared. */
  server?: string;
  /** Whether rows were compared, too. */
  withRows: boolean;
}

/** The squashed migration, which is not written yet. */
export interface SquashToProve {
  /** With the old migrations. */
  graph: Graph;
  id: string;
  contents: FolderTexts;
  /** Whether the new text is a dump, which has neither owners nor privileges, and no rows. */
  isDump: boolean;
}

export interface ProofOptions {
  /** `false` leaves the comparison out. */
  verify?: boolean | undefined;
  /** Compares the rows that the migrations insert, too. */
  rows?: boolean | undefined;
  /** Where the throwaway database is, as for `kat schema`. */
  on?: string | undefined;
}

/**
 * @throws KatError SQUASH_DIFFERS with the objects that differ, or with the SQL that fails; STATE_UNKNOWN where the old migrations cannot be
 *   executed; what opening the throwaway database throws; CANCELLED.
 */
export async function proveSquash(
  place: SchemaPlace,
  squash: SquashToProve,
  { verify = true, rows: withRows = false, on }: ProofOptions,
): Promise<SquashProof> {
  if (!verify) return { isProven: false, withRows };
  const { graph, id } = squash;
  const build = { graph, on, rows: withRows ? ('all' as const) : ('none' as const) };
  const { directory } = place;
  const before = await buildFolder(place, { ...build, directory, to: [id] }).catch(cannotProve);
  const after = await withSquashedFolder(squash, (squashed) =>
    buildFolder(place, { ...build, directory: squashed }).catch(failsAfterwards),
  );
  refuseDifferences(compareBuilt(before, after, squash));
  return { isProven: true, server: before.server, withRows };
}

async function withSquashedFolder<T>(
  { id, contents: { up, metadata } }: SquashToProve,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const { path: directory, remove } = createTemporaryFolder('squash');
  try {
    const files = migrationFiles(directory, id);
    mkdirSync(join(directory, id));
    writeFileSync(files.up, up);
    writeFileSync(files.metadata, metadata);
    return await work(directory);
  } finally {
    remove();
  }
}

const roleKinds: ReadonlySet<string> = new Set(['grant', 'revoke', 'default privileges']);

function compareBuilt(
  before: BuiltSchema,
  after: BuiltSchema,
  { isDump }: SquashToProve,
): SchemaDifference[] {
  const found = compareSnapshots(before.snapshot, after.snapshot, { strictColumnOrder: true });
  const isAboutRoles = ({ kind, change, properties }: SchemaDifference) =>
    roleKinds.has(kind) || (change === 'changed' && properties.every(({ property }) => property === 'owner'));
  return found.filter((one) => one.within === undefined && !(isDump && isAboutRoles(one)));
}

/** More differences are only counted. */
const shown = 10;

function refuseDifferences(differences: readonly SchemaDifference[]): void {
  if (differences.length === 0) return;
  const count = `${differences.length} difference${differences.length === 1 ? '' : 's'}`;
  throw new KatError(
    'SQUASH_DIFFERS',
    `nothing was squashed: the new migration has ${count} from the old ones`,
    {
      problems: differences.slice(0, shown).map(({ sentence }) => ({ message: sentence })),
      help: 'Correct the old migrations, so that their order and their settings do not matter, or squash fewer of them.',
    },
  );
}

/** `--no-verify` is offered only where nothing speaks against the squash. */
function cannotProve(error: unknown): never {
  if (!(error instanceof KatError) || error.code === 'CANCELLED') throw error;
  throw new KatError(error.code, `nothing was squashed: ${error.message}`, {
    problems: error.problems,
    help: 'Name a server that can run the migrations: `--on URL`. Or squash without proof: `--no-verify`.',
    cause: error,
  });
}

function failsAfterwards(error: unknown): never {
  if (!(error instanceof KatError) || error.code !== 'STATE_UNKNOWN') throw error;
  const [problem] = error.problems;
  throw new KatError(
    'SQUASH_DIFFERS',
    'nothing was squashed: the new migration fails, and the old ones do not',
    {
      problems: [{ message: problem?.message ?? error.message }],
      help: 'Correct the old migrations, or squash fewer of them.',
      cause: error,
    },
  );
}
