/** Explains in plain words why the operating system refused a file, so that no native error escapes. */

import type { Problem } from '../errors.js';
import { fileReasons } from '../file-reasons.js';

/**
 * @param action what was tried, as in "cannot read".
 * @returns a problem that names the path and the reason.
 */
export function ioProblem(action: string, path: string, error: unknown): Problem {
  const code = ioErrorCode(error);
  const isNewInNoFolder = code === 'ENOENT' && ['create', 'write'].includes(action);
  const reason = isNewInNoFolder ? 'its folder does not exist' : (fileReasons[code] ?? code);
  return { code: 'bad-file', message: `cannot ${action} ${path.replaceAll('\0', '␀')}: ${reason}` };
}

/** The code of a system error such as `ENOENT`, or `unknown error`. */
export function ioErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
