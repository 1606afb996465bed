/** Creates temporary folders, and removes those that killed processes have left. */

import {
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAt, markThisProcess, type ProcessMark } from '../../connections/pglite/process-mark.js';
import { KatError } from '../../errors.js';

export interface TemporaryFolder {
  /** Empty at first. Absolute. */
  path: string;
  /**
   * Creates it again where another program has removed it: systems delete old files of the temporary folder.
   * @throws KatError FILES_INVALID when the disk refuses, and when somebody else has taken its name.
   */
  restore(): void;
  /** Removes it. Never throws. */
  remove(): void;
}

const name = /^kat-(?:bundle|drift|diff|merge|squash|server|throwaway)-\w{6}$/;

const [ownerFile, content] = ['owner.json', 'files'];

type TemporaryPurpose = 'bundle' | 'drift' | 'diff' | 'merge' | 'squash' | 'server' | 'throwaway';

/**
 * Beside the content: it says whose the folder is.
 * @throws KatError FILES_INVALID when the disk refuses, as where everything is read-only.
 */
export function createTemporaryFolder(purpose: TemporaryPurpose): TemporaryFolder {
  const parent = parentFolder();
  try {
    const folder = mkdtempSync(join(parent, `kat-${purpose}-`));
    fillFolder(folder);
    return {
      path: join(folder, content),
      restore: () => restoreFolder(folder),
      remove: () => removeFolder(folder),
    };
  } catch (cause) {
    throw refusedFolder(parent, cause);
  }
}

function fillFolder(folder: string): void {
  mkdirSync(join(folder, content), { recursive: true });
  const owner = join(folder, ownerFile);
  if (!existsSync(owner)) writeFileSync(owner, JSON.stringify(markThisProcess()));
}

/** Another user may have made a folder of that name meanwhile, to have its files read. */
function restoreFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(folder)) throw new Error(`${folder} belongs to another user`);
    fillFolder(folder);
  } catch (cause) {
    throw refusedFolder(folder, cause);
  }
}

function isOwnFolder(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && (!process.getuid || process.getuid() === found.uid);
}

function refusedFolder(parent: string, cause: unknown): KatError {
  return new KatError(
    'FILES_INVALID',
    `no temporary folder can be created in ${parent}: ${(cause as Error).message}`,
    {
      help: 'Make this folder writable, or name another one in the environment variable TMPDIR. Nothing was changed.',
      cause,
    },
  );
}

/**
 * Removes the folders of processes that have ended, as far as they belong to this user. Never throws.
 * @param prepare is called with the content of each before it is removed.
 */
export async function sweepTemporaryFolders(prepare: (path: string) => Promise<void>): Promise<void> {
  const parent = parentFolder();
  for (const entry of entriesOf(parent)) {
    const folder = join(parent, entry.name);
    if (!entry.isDirectory() || !name.test(entry.name) || !isLeftOver(folder)) continue;
    await prepare(join(folder, content)).catch(() => undefined);
    removeFolder(folder);
  }
}

/** The path of a Unix socket has at most about 100 bytes, and some temporary folders have long names. */
function parentFolder(): string {
  return tmpdir().length > 60 && process.platform !== 'win32' ? '/tmp' : tmpdir();
}

function entriesOf(parent: string): Dirent[] {
  try {
    return readdirSync(parent, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** How old a folder is whose owner cannot be seen before it counts as left over, in milliseconds. */
const expiryMs = 24 * 3_600_000;

function isLeftOver(folder: string): boolean {
  try {
    const { uid, mtimeMs } = lstatSync(folder);
    if (process.getuid && process.getuid() !== uid) return false;
    const sighting = ownerSighting(folder);
    return sighting === 'ended' || (sighting === 'out of sight' && Date.now() - mtimeMs > expiryMs);
  } catch {
    return false;
  }
}

/** A folder without an owner may have been created just now. */
function ownerSighting(folder: string): ReturnType<typeof lookAt> {
  try {
    return lookAt(JSON.parse(readFileSync(join(folder, ownerFile), 'utf8')) as ProcessMark);
  } catch {
    return 'out of sight';
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // The next run removes it.
  }
}
