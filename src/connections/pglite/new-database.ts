/**
 * Makes a database in an empty folder that another program made. PGlite builds a database in memory and writes the files
 * at the end, so a program that began a moment ago has left nothing but the folder.
 */

import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConnectionError } from '../../errors.js';
import { isLockName } from './lock-file.js';
import { readTar } from './tar.js';

/** The folder in which Kat builds the files of a new database, inside of the folder for the database. */
const stagingName = 'kat-new';

/** Whether a name is that of something that Kat itself puts into a database folder. */
export function isOwnName(name: string): boolean {
  return isLockName(name) || name === stagingName;
}

/** How old an empty folder may be for which a database is being built, in milliseconds. */
export const buildingMs = 60_000;

/** The empty folder. */
export interface EmptyFolder {
  path: string;
  /** When it was made or emptied, in milliseconds by the disk's clock. */
  sinceMs: number;
}

/**
 * @param build makes the database in the folder that it is given, and closes it.
 * @throws ConnectionError, transient, when another program turns out to make one as well. Its files are not touched.
 */
export async function makeDatabase(
  { path, sinceMs }: EmptyFolder,
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const staging = openStaging(path);
  try {
    const startMs = Date.now();
    await build(staging);
    // Another program that began before had as much to do.
    const endMs = Date.now();
    await wait(Math.max(0, sinceMs + 2 * (endMs - startMs) - endMs));
    refuseRival(path);
    publish(staging, path);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * Unpacks a database in a folder that has none. Through PGlite's file system, the thousand files took half of the CPU of a first command.
 * @throws what writing files throws; then nothing is left of it.
 */
export function unpackDatabase(path: string, archive: Uint8Array): void {
  mkdirSync(path, { recursive: true });
  const staging = openStaging(path);
  try {
    for (const entry of readTar(archive)) {
      const place = join(staging, entry.path);
      if (entry.isFolder) mkdirSync(place, { mode: entry.mode });
      else writeFileSync(place, entry.data, { mode: entry.mode });
    }
    publish(staging, path);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Nobody else's: whoever works here has locked the folder. */
function openStaging(path: string): string {
  const staging = join(path, stagingName);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
  return staging;
}

function refuseRival(path: string): void {
  if (!readdirSync(path).every(isOwnName)) throw beingMade(path);
}

/** PG_VERSION comes last: where it is, the database is whole. */
function publish(staging: string, path: string): void {
  const names = readdirSync(staging).filter((name) => name !== versionFile);
  for (const name of [...names, versionFile]) renameSync(join(staging, name), join(path, name));
}

const versionFile = 'PG_VERSION';

/** Whether a folder without PG_VERSION has files of a database: the first or the last ones. */
export function isBeingMade(names: readonly string[]): boolean {
  return ['pg_wal', 'global', 'base'].some((name) => names.includes(name));
}

export function beingMade(path: string): ConnectionError {
  return new ConnectionError(`another program is creating or dropping a database in ${path}`, {
    help: 'Wait until that program is ready, then run the command again. If it was killed, move the folder away: what is in it is not complete.',
    isTransient: true,
  });
}

/** How long after PG_VERSION a program that has made a database opens it, at most, in milliseconds. */
const openingMs = 5000;

/** A database that was made just now and never opened: the program that made it is about to open it. */
export async function awaitFirstOpening(path: string): Promise<void> {
  while (isAboutToOpen(path)) await wait(50);
}

function isAboutToOpen(path: string): boolean {
  const made = modifiedMs(join(path, versionFile));
  const closed = modifiedMs(join(path, 'global', 'pg_control'));
  if (made === undefined || closed === undefined || closed > made) return false;
  return Date.now() - made < openingMs && modifiedMs(join(path, 'postmaster.pid')) === undefined;
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
