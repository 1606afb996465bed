/** Says in plain words what the codes mean with which an operating system refuses a file. */

export const fileReasons: Readonly<Record<string, string>> = {
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
  ENXIO: 'it is a pipe that no program reads',
  EPERM: 'the operation is not permitted',
  ENOTREG: 'it is a pipe or a device, not a regular file',
  EROFS: 'the disk is read-only',
  ETOOLARGE: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
  ERR_INVALID_ARG_VALUE: 'the path contains a NUL byte',
  ERR_STRING_TOO_LONG: 'it is larger than half a gigabyte',
};
