/** Builds the data folder that embedded clones start from, and keeps it in the user's cache. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { closeDatabase, openDatabase, openSession } from '../../connections/pglite/open-database.js';
import {
  type DataArchive,
  packDatabase,
  readArchive,
  readPgliteVersion,
} from '../../connections/pglite/prepared-data.js';
import { keepFile, userCacheFolder } from '../../connections/user-cache.js';
import { createKat } from '../../engine/kat.js';
import { quoteIdentifier } from '../../quote.js';
import { executeSeed } from '../seed.js';
import type { TemplateContent } from '../template-content.js';

/** How many templates the cache keeps: the newest ones. */
const mostKept = 8;

/**
 * The data folder that clones start from.
 * @throws what the migrations throw; KatError SQL_ERROR for the seed, CONFIG_INVALID where PGlite is not installed.
 */
export async function ensureEmbeddedTemplate(content: TemplateContent): Promise<DataArchive> {
  const version = await readPgliteVersion();
  const hash = createHash('sha256').update(`${version} ${content.hash}`).digest('hex');
  const folder = content.isShared ? userCacheFolder(process.env) : undefined;
  const path = folder && join(folder, `testing-${hash.slice(0, 32)}.tar.gz`);
  const kept = path && readArchive(path);
  if (kept) return kept;
  const packed = await buildArchive(content);
  if (path) keepFile(path, packed, { prefix: 'testing-', most: mostKept });
  return gunzipSync(packed);
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
    return await packDatabase(database);
  } finally {
    await closeDatabase(opened);
  }
}

async function seedDatabase(opened: Parameters<typeof openSession>[0], seed: string): Promise<void> {
  const session = await openSession(opened, () => undefined);
  await executeSeed(session, seed);
  await session.close();
}
