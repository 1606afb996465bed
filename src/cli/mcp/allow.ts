/** `--allow`: what agents may do beside looking. */

import { basename } from 'node:path';
import { KatError } from '../../errors.js';
import type { Context } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';
import type { ToolAccess } from './tools.js';

export interface Allowed {
  writesFiles: boolean;
  /** The name of the database that may be changed. */
  database: string | undefined;
}

/** @throws KatError USAGE for words that allow nothing. */
export function parseAllowed(words: readonly string[]): Allowed {
  const allowed: Allowed = { writesFiles: false, database: undefined };
  for (const word of words) {
    const [, database] = /^apply=(.+)$/s.exec(word) ?? [];
    if (word === 'write-files') allowed.writesFiles = true;
    else if (database !== undefined && allowed.database === undefined) allowed.database = database;
    else throw notAllowed(word, allowed);
  }
  return allowed;
}

function notAllowed(word: string, { database }: Allowed): KatError {
  const isSecond = database !== undefined && word.startsWith('apply=');
  return flagError(
    'mcp',
    isSecond ? 'agents may change only one database' : `--allow ${word} allows nothing`,
    isSecond ? 'Give --allow apply=NAME once.' : 'Use `--allow write-files` or `--allow apply=NAME`.',
  );
}

export function mayUse(access: ToolAccess, { writesFiles, database }: Allowed): boolean {
  return access === 'read' || (access === 'write' ? writesFiles : database !== undefined);
}

/**
 * The configuration may lead somewhere else than when the server was started.
 * @throws KatError USAGE when it does not lead to the database that may be changed; whatever connecting throws.
 */
export async function refuseOtherDatabase(context: Context, { database }: Allowed): Promise<void> {
  let description = '';
  const { kat } = await openProject(context, {
    onEvent: (event) => {
      if (event.type === 'connected') description = event.database;
    },
  });
  try {
    await kat.ping({ retries: 0 });
  } finally {
    await kat.close();
  }
  const name = nameOf(description);
  if (name === database) return;
  throw new KatError(
    'USAGE',
    `the configuration leads to the database ${JSON.stringify(name)}, and agents may only change ${JSON.stringify(database)}`,
    {
      help: 'Nothing was changed. Let a person start `kat mcp` for this database.',
    },
  );
}

/** Of an embedded database, the name of its folder or file. */
function nameOf(description: string): string {
  if (description.startsWith('sqlite ')) return basename(description.slice('sqlite '.length));
  if (description.startsWith('pglite ')) return basename(description.slice('pglite '.length));
  // With a Unix socket there is no host, which `URL` does not take.
  const [, name = ''] = /^postgres:\/\/[^/]*\/([^?]*)/.exec(description) ?? [];
  return decodeURIComponent(name);
}
