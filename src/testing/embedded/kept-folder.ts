/** The folders in which databases of failed tests are kept. */

import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'kat-kept-';

/** How long a database of a failed test is kept, in milliseconds. */
const keptMs = 24 * 3_600_000;

/** @returns a path in a new folder, at which nothing is yet. */
export function createKeptPlace(): string {
  return join(mkdtempSync(join(tmpdir(), prefix)), 'data');
}

/** Removes those of this user that are old enough. Never throws. */
export function sweepKeptFolders(): void {
  for (const name of listKept()) {
    const folder = join(tmpdir(), name);
    try {
      const { uid, mtimeMs } = lstatSync(folder);
      const isOwn = !process.getuid || process.getuid() === uid;
      if (isOwn && Date.now() - mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process removes it.
    }
  }
}

function listKept(): string[] {
  try {
    return readdirSync(tmpdir()).filter((name) => /^kat-kept-\w{6}$/.test(name));
  } catch {
    return [];
  }
}
