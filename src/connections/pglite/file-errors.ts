/** Errors of files in plain words: those of Node.js, and those of PGlite's own file system. */

const byCode: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file has that path',
  EEXIST: 'a file has that path',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
};

/** By the number in PGlite's file system (https://github.com/emscripten-core/emscripten, arch/bits/errno.h). */
const byNumber: Readonly<Record<number, string>> = {
  2: 'permission denied',
  19: 'the disk quota is used up',
  33: 'too many files are open',
  51: 'no space is left on the disk',
  69: 'the file system is read-only',
};

/** PGlite also throws objects that are no errors and have a number alone. */
export function fileReasonOf(error: unknown): string {
  if (error instanceof Error) return byCode[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
  const number = numberOf(error);
  if (number === undefined) return String(error);
  return byNumber[number] ?? `its file system reports error ${number}`;
}

export function isFileError(error: unknown): boolean {
  return numberOf(error) !== undefined;
}

function numberOf(error: unknown): number | undefined {
  return (error as { errno?: number } | null)?.errno;
}
