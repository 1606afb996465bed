/** Reads tar archives: those of PGlite's extensions, and those of data folders. */

/** A file or folder of an archive. */
export interface TarEntry {
  path: string;
  isFolder: boolean;
  /** Its permissions. */
  mode: number;
  /** Its bytes, which belong to the archive. */
  data: Uint8Array;
}

const blockBytes = 512;

/** @param archive one that PGlite or `pg_basebackup` could have written: paths of at most 100 bytes. */
export function readTar(archive: Uint8Array): TarEntry[] {
  const { buffer, byteOffset, byteLength } = archive;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const entries: TarEntry[] = [];
  for (let offset = 0; offset + blockBytes <= bytes.length; ) {
    const path = readField(bytes, offset, 100);
    if (path === '') break;
    const size = readNumber(bytes, offset + 124, 12);
    const start = offset + blockBytes;
    entries.push({
      path,
      isFolder: path.endsWith('/') || readField(bytes, offset + 156, 1) === folderType,
      mode: readNumber(bytes, offset + 100, 8),
      data: new Uint8Array(buffer, byteOffset + start, size),
    });
    offset = start + Math.ceil(size / blockBytes) * blockBytes;
  }
  return entries;
}

const folderType = '5';

function readNumber(bytes: Buffer, start: number, length: number): number {
  return Number.parseInt(readField(bytes, start, length), 8) || 0;
}

function readField(bytes: Buffer, start: number, length: number): string {
  return bytes.toString('latin1', start, start + length).replace(/[\0 ].*$/s, '');
}
