/** Temporary folders with files in them, removed when the test file ends. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KatError } from '../../src/errors.js';
import { atEndOfFile } from '../support/end-of-file.js';

/** Makes a folder with `files`, whose names may have folders in front. */
export function makeFolder(files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'kat-project-'));
  atEndOfFile(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** The three files of a sound migration, to spread into `makeFolder`. */
export function sound(id: string, metadata?: string): Record<string, string> {
  const [timestamp, name] = [id.slice(0, id.indexOf('_')), id.slice(id.indexOf('_') + 1)];
  return {
    [`${id}/up.sql`]: 'SELECT 1;\n',
    [`${id}/down.sql`]: 'SELECT 2;\n',
    [`${id}/metadata.yaml`]: metadata ?? `name: ${name}\ntimestamp: ${timestamp}\n`,
  };
}

/** What `action` throws, which must be a KatError. */
export async function failureOf(action: () => unknown): Promise<KatError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof KatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Every text that a person may see of an error. */
export function allTexts(error: KatError): string {
  const problems = error.problems.flatMap(({ title, message, help, location }) => [
    title,
    message,
    help,
    location?.sourceLine,
  ]);
  return [error.message, error.help, ...problems].join('\n');
}
