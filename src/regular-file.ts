/** Reads files that are files: a pipe or a device may never end, and Node.js hears no signal while it waits for one. */

import { readFileSync, statSync } from 'node:fs';

/**
 * @param mostBytes a larger file is not read.
 * @throws Error with the code of the system, ENOTREG for what is neither file nor folder, ETOOLARGE.
 */
export function readRegularFile(path: string, mostBytes = Infinity): Buffer {
  const stat = statSync(path);
  if (!stat.isFile() && !stat.isDirectory()) throw withCode('ENOTREG');
  if (stat.size > mostBytes) throw withCode('ETOOLARGE');
  return readFileSync(path);
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
