/** Explains in plain words why the operating system refused a file, so that no native error escapes. */

import type { Problem } from '../errors.js';

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'it already exists',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'the operation is not permitted',
  ENOTREG: 'it is a pipe or a device, not a regular file',
  EROFS: 'the disk is read-only',
  ETOOLARGE: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
  ERR_INVALID_ARG_VALUE: 'the path contains a NUL byte',
  ERR_STRING_TOO_LONG: 'it is larger than half a gigabyte',
};

/**
 * @param action what was tried, as in "cannot read".
 * @returns a problem that names the path and the reason.
 */
export function ioProblem(action: string, path: string, error: unknown): Problem {
  const code = ioErrorCode(error);
  const isNewInNoFolder = code === 'ENOENT' && ['create', 'write'].includes(action);
  const reason = isNewInNoFolder ? 'its folder does not exist' : (reasons[code] ?? code);
  return { code: 'bad-file', message: `cannot ${action} ${path.replaceAll('\0', '␀')}: ${reason}` };
}

/** The code of a system error such as `ENOENT`, or `unknown error`. */
export function ioErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
