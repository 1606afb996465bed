/** Errors of files in plain words: those of Node.js, and those of PGlite's own file system. */

import { fileReasons } from '../../file-reasons.js';

const ofFolders: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file has that path',
  EEXIST: 'a file has that path',
};

/** By the number in PGlite's file system (https://github.com/emscripten-core/emscripten, arch/bits/errno.h). */
const codes: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  33: 'EMFILE',
  51: 'ENOSPC',
  69: 'EROFS',
};

/** PGlite also throws objects that are no errors and have a number alone. */
export function fileReasonOf(error: unknown): string {
  if (error instanceof Error) return reasonOfCode((error as NodeJS.ErrnoException).code) ?? error.message;
  const number = numberOf(error);
  if (number === undefined) return String(error);
  return reasonOfCode(codes[number]) ?? `its file system reports error ${number}`;
}

function reasonOfCode(code = ''): string | undefined {
  return ofFolders[code] ?? fileReasons[code];
}

const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', '53100'];

/** Whether the disk had no space left: for Node.js, for PGlite's file system, or for the server. */
export function isDiskFull(error: unknown): boolean {
  const { code = codes[numberOf(error) ?? 0] } = (error ?? {}) as { code?: unknown };
  return fullCodes.includes(code);
}

/** What to do about a full disk. */
export const freeDiskSpace = 'Free disk space, and run the command again.';

export function isFileError(error: unknown): boolean {
  return numberOf(error) !== undefined;
}

function numberOf(error: unknown): number | undefined {
  return (error as { errno?: number } | null)?.errno;
}
