/** Reads libpq's connection service files. */

import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { readRegularFile } from '../../regular-file.js';
import { homeFile } from './home.js';
import { checkParameter, type Parameters } from './parameters.js';

/**
 * Finds a service by name, first in PGSERVICEFILE or the user's own file, then in PGSYSCONFDIR's.
 * @throws KatError CONFIG_INVALID when no file has it, or its section cannot be read.
 */
export function loadService(name: string, env: NodeJS.ProcessEnv): Parameters {
  const own = env.PGSERVICEFILE || homeFile(env, '.pg_service.conf');
  const files = env.PGSYSCONFDIR ? [own, join(env.PGSYSCONFDIR, 'pg_service.conf')] : [own];
  for (const file of files) {
    const text = readText(file);
    const parameters = text === undefined ? undefined : parseServiceFile(text, name, file);
    if (parameters) return parameters;
  }
  throw new KatError('CONFIG_INVALID', `the service "${name}" is not defined in ${files.join(' or ')}`, {
    help: `Add a section [${name}] to that file, or set PGSERVICEFILE to the file that has it.`,
  });
}

function readText(file: string): string | undefined {
  try {
    return readRegularFile(file).toString('utf8');
  } catch {
    return undefined;
  }
}

/** @returns the parameters of the section `[name]`, or undefined when there is none. */
function parseServiceFile(text: string, name: string, file: string): Parameters | undefined {
  let found: Parameters | undefined;
  let isInside = false;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (found) break;
      isInside = line === `[${name}]`;
      if (isInside) found = {};
    } else if (isInside && found) {
      addParameter(found, line, `${file} line ${index + 1}`);
    }
  }
  return found;
}

/** The first value of a keyword counts, as in libpq. */
function addParameter(found: Parameters, line: string, place: string): void {
  const equals = line.indexOf('=');
  const keyword = line.slice(0, equals).trim();
  if (equals < 1 || keyword === 'service') {
    throw new KatError('CONFIG_INVALID', `${place} is not a connection parameter`, {
      help: 'Write one keyword=value on each line of a service; a service cannot refer to another service.',
    });
  }
  const value = line.slice(equals + 1).trim();
  checkParameter(keyword, value, { source: place, name: `"${keyword}"` });
  found[keyword] ??= value;
}
