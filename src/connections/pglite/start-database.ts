/** Starts PGlite, and cleans up if the start fails. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { beforeWebAssembly } from '../../before-webassembly.js';
import { ConnectionError, KatError } from '../../errors.js';
import { fileReasonOf, freeDiskSpace, isDiskFull, isFileError } from './file-errors.js';
import { unpackDatabase } from './new-database.js';
import { findPreloads, type Preloads } from './preloads.js';
import { type DataArchive, prepareData } from './prepared-data.js';
import { shareFiles } from './shared-files.js';

/** @throws KatError CONFIG_INVALID when PGlite is not installed. */
export async function loadPglite(): Promise<Pglite> {
  try {
    const pglite = await import('@electric-sql/pglite');
    beforeWebAssembly();
    return pglite;
  } catch (cause) {
    throw new KatError('CONFIG_INVALID', `the driver "pglite" cannot be loaded: ${fileReasonOf(cause)}`, {
      help: 'Install it: npm install @electric-sql/pglite.',
      cause,
    });
  }
}

type Pglite = typeof import('@electric-sql/pglite');

/** What a database is started for. */
export interface StartOptions {
  /** The SQL that is going to run. */
  sqlTexts: Iterable<string>;
  /** Where the user's cache is looked up. */
  env: Readonly<Record<string, string | undefined>>;
  /** The data folder of a new database, as a tar archive; left out, an empty one. */
  data?: DataArchive;
}

/**
 * PGlite fills all of its cache with zeros when it starts. With PostgreSQL's default of 128 MB each command took 100 MB more memory,
 * and a sixth more CPU, as of PGlite 0.5.16.
 */
const smallCache = ['-c', 'shared_buffers=32MB'];

/**
 * Starts PGlite in a folder, or in memory.
 * @throws ConnectionError with the server's own reason.
 */
export async function startDatabase(
  { PGlite: Pglite, MemoryFS }: Pglite,
  dataDir: string | undefined,
  { sqlTexts, env, data }: StartOptions,
): Promise<PGlite> {
  const { extensions, startParams, unknown } = await findPreloads(dataDir, sqlTexts);
  const archive = isNew(dataDir) ? (data ?? (await prepareData(Pglite, env))) : undefined;
  const lines: string[] = [];
  let database: PGlite | undefined;
  try {
    database = new Pglite({
      ...placeData(MemoryFS, { dataDir, archive }),
      extensions,
      startParams: [...Pglite.defaultStartParams, ...smallCache, ...startParams],
      onStderr: (line) => {
        if (!database?.ready) lines.push(line);
        return false;
      },
    });
    await database.waitReady;
    return database;
  } catch (cause) {
    if (database) endRuntime(database);
    throw startFailure(dataDir ?? 'in memory', unknown, { lines, cause });
  }
}

/**
 * Puts the data there, in memory or in a folder.
 * @param archive undefined where there is a database already, or where PGlite makes one by itself.
 * @returns the options that have PGlite open it. @throws what writing files throws.
 */
export function placeData(
  Memory: Pglite['MemoryFS'],
  { dataDir, archive }: { dataDir: string | undefined; archive: DataArchive | undefined },
): PGliteOptions {
  if (dataDir === undefined) return archive ? { fs: shareFiles(Memory, archive) } : {};
  if (archive) unpackDatabase(dataDir, archive);
  return { dataDir };
}

function isNew(dataDir: string | undefined): boolean {
  return dataDir === undefined || !existsSync(join(dataDir, 'PG_VERSION'));
}

/** Ends what is left of a PGlite that failed: a timer of the server's would keep this process alive for ever. */
export function endRuntime({ Module }: PGlite): void {
  try {
    (Module as Partial<typeof Module> | undefined)?._emscripten_force_exit?.(1);
  } catch {
    // Emscripten ends a program by throwing.
  }
}

/** PGlite's output before the failure. */
interface Failure {
  /** Of the server's log. */
  lines: readonly string[];
  cause: unknown;
}

/** The error for a database that does not start, with the server's own reason where its log has one. */
export function startFailure(
  place: string,
  unknown: Preloads['unknown'],
  { lines, cause }: Failure,
): ConnectionError {
  const [library] = unknown;
  if (library !== undefined) {
    return new ConnectionError(`cannot open the database ${place}: its configuration loads ${library}`, {
      help: 'Kat does not have that library. Give createKat the PGlite instance of the program that has it.',
      isTransient: false,
      cause,
    });
  }
  const fatal = findFatal(lines);
  return new ConnectionError(`cannot open the database ${place}: ${fatal?.reason ?? fileReasonOf(cause)}`, {
    help: startHelp(fatal, cause),
    isTransient: false,
    cause,
  });
}

function startHelp(fatal: Fatal | undefined, cause: unknown): string {
  if (
    isDiskFull(cause) ||
    (fatal && /No space left on device|wrote only \d+ of \d+ bytes/.test(fatal.reason))
  )
    return freeDiskSpace;
  if (fatal?.hint !== undefined) return fatal.hint;
  return isFileError(cause)
    ? 'Give the folder space and the rights to write, then run the command again.'
    : 'Check that this version of PGlite made the folder and that nothing was removed from it.';
}

/** The server's last words. */
interface Fatal {
  reason: string;
  hint: string | undefined;
}

/** Hints of earlier lines are not about this failure: after a crash in recovery, one calls the data corrupted by guess. */
function findFatal(lines: readonly string[]): Fatal | undefined {
  const matches = lines.map((line) => /(?:FATAL|PANIC):\s+(.*)/.exec(line)?.[1]);
  const index = matches.findLastIndex((match) => match !== undefined);
  const reason = matches[index];
  if (reason === undefined) return undefined;
  const hint = lines.slice(index).flatMap((line) => /HINT:\s+(.*)/.exec(line)?.[1] ?? []);
  return { reason, hint: hint.at(0) };
}
