/** Builds the data folder that embedded clones start from, and keeps it in the user's cache. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { closeDatabase, openDatabase, openSession } from '../../connections/pglite/open-database.js';
import { readPgliteVersion } from '../../connections/pglite/prepared-data.js';
import { userCacheFolder } from '../../connections/user-cache.js';
import { createKat } from '../../engine/kat.js';
import { quoteIdentifier } from '../../engine/ledger/quote.js';
import { executeSeed } from '../seed.js';
import type { TemplateContent } from '../template-content.js';

/**
 * @returns a tar archive for `loadDataDir` of PGlite.
 * @throws what the migrations throw; KatError SQL_ERROR for the seed, CONFIG_INVALID where PGlite is not installed.
 */
export async function ensureEmbeddedTemplate(content: TemplateContent): Promise<Blob> {
  const version = await readPgliteVersion();
  const hash = createHash('sha256').update(`${version} ${content.hash}`).digest('hex');
  const folder = content.isShared ? userCacheFolder(process.env) : undefined;
  const path = folder && join(folder, `testing-${hash.slice(0, 32)}.tar.gz`);
  const kept = path && readArchive(path);
  if (kept) return kept;
  const packed = await buildArchive(content);
  if (path) keepArchive(path, packed);
  return new Blob([gunzipSync(packed)]);
}

/** @returns undefined when there is none, or when it is damaged: gzip has a checksum. */
function readArchive(path: string): Blob | undefined {
  try {
    return new Blob([gunzipSync(readFileSync(path))]);
  } catch {
    return undefined;
  }
}

async function buildArchive(content: TemplateContent): Promise<Uint8Array> {
  const opened = await openDatabase(undefined, { sqlTexts: content.sqlTexts, env: process.env });
  const { database, extensions } = opened;
  try {
    for (const text of content.sqlTexts) await extensions.provideFor(text);
    for (const role of content.roles) await database.exec(`CREATE ROLE ${quoteIdentifier(role)}`);
    const kat = createKat({ migrations: content.directory, database, tableName: content.tableName });
    if (content.migrations.length > 0) await kat.up({ to: content.migrations });
    if (content.seed !== undefined) await seedDatabase(opened, content.seed);
    await database.exec('CHECKPOINT');
    return new Uint8Array(await (await database.dumpDataDir('gzip')).arrayBuffer());
  } finally {
    await closeDatabase(opened);
  }
}

async function seedDatabase(opened: Parameters<typeof openSession>[0], seed: string): Promise<void> {
  const session = await openSession(opened, () => undefined);
  await executeSeed(session, seed);
  await session.close();
}

/** How many templates the cache keeps: the newest ones. */
const mostKept = 8;

/** Others see the whole file or none. What cannot be kept is made again next time. */
function keepArchive(path: string, packed: Uint8Array): void {
  const folder = join(path, '..');
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, packed, { mode: 0o600, flush: true });
    renameSync(unfinished, path);
    for (const old of listArchives(folder).slice(mostKept)) rmSync(old, { force: true });
  } catch {
    rmSync(unfinished, { force: true });
  }
}

/** The newest first. */
function listArchives(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('testing-'))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time)
    .map(({ path }) => path);
}
