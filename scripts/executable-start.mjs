/** What the single executable runs: unpacks Kat into the user's cache once for each build, and starts it there. */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getAsset } from 'node:sea';
import { gunzipSync } from 'node:zlib';
import { userCacheFolder } from '../src/connections/user-cache.ts';

/** @returns the folder that has the files of this build. */
function unpack() {
  const cache = userCacheFolder(process.env);
  if (cache === undefined) throw new Error('this program unpacks itself below HOME, which is not set');
  const folder = join(cache, `program-${getAsset('hash', 'utf8')}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  const files = JSON.parse(gunzipSync(Buffer.from(getAsset('files'))).toString());
  for (const [path, base64] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), Buffer.from(base64, 'base64'));
  }
  place(made, folder);
  return folder;
}

/** Another process may have been faster. */
function place(made, folder) {
  try {
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

try {
  const command = join(unpack(), 'node_modules/kat-migrate/dist/kat.cjs');
  process.argv[1] = command;
  createRequire(command)(command);
} catch (error) {
  process.stderr.write(`Error: ${error.message}\n`);
  process.exitCode = 2;
}
