/** Tells before a run whether this Node.js can run the programs in TypeScript of its plan. */

import { createRequire } from 'node:module';
import { KatError } from '../../errors.js';
import { helpForTypeScript, noTypeScript } from '../../project/load-code.js';

/** What makes Node.js load other files than it does by itself. */
const loaderFlags = /^(?:--import|--loader|--experimental-loader|--require|-r)\b/;

/**
 * Loads nothing.
 * @param files of programs, absolute.
 * @throws KatError USAGE when there are some in TypeScript, and neither Node.js nor a package of the project runs them.
 */
export function refuseTypeScript(files: readonly string[]): void {
  const unable = files.filter((file) => file.endsWith('.ts') && !mayRun(file));
  const [first] = unable;
  if (!first) return;
  throw new KatError('USAGE', noTypeScript, {
    problems: unable.map((file) => ({ message: `${file} is written in TypeScript` })),
    help: `${typeScriptHelp} Nothing was run.`,
  });
}

function mayRun(file: string): boolean {
  if ('typescript' in process.features && process.features.typescript) return true;
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  return flags.some((flag) => loaderFlags.test(flag)) || hasJiti(file);
}

function hasJiti(file: string): boolean {
  try {
    createRequire(file).resolve('jiti');
    return true;
  } catch {
    return false;
  }
}

export const typeScriptHelp = helpForTypeScript('write the program in JavaScript');
