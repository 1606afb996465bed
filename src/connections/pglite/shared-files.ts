/**
 * The data folder of a database in memory, whose files share the bytes of an archive until they are written to. Copied, as PGlite copies
 * them, its thousand files took half of the CPU of a start, and 40 MB for each database.
 */

import { basename, dirname } from 'node:path/posix';
import type { MemoryFS, PGlite } from '@electric-sql/pglite';
import { readTar } from './tar.js';

/** Where PGlite looks for its data. */
const dataFolder = '/pglite/data';

type Files = PGlite['Module']['FS'];

/** A file or folder in memory (https://github.com/emscripten-core/emscripten, src/lib/libmemfs.js). */
interface MemoryNode {
  contents: Uint8Array;
  usedBytes: number;
  stream_ops: StreamOperations;
  node_ops: { mknod(parent: MemoryNode, name: string, mode: number, device: number): MemoryNode };
}

interface StreamOperations {
  write(stream: { node: MemoryNode }, ...args: unknown[]): number;
}

/** @returns `fs` for a PGlite in memory, which opens what the archive has. */
export function shareFiles(Memory: typeof MemoryFS, archive: Uint8Array): MemoryFS {
  class SharedFiles extends Memory {
    override async initialSyncFs(): Promise<void> {
      if (this.pg) placeFiles(this.pg.Module.FS, archive);
    }
  }
  return new SharedFiles();
}

function placeFiles(files: Files, archive: Uint8Array): void {
  files.mkdirTree(dataFolder);
  const folders = new Map<string, MemoryNode>();
  const findFolder = (path: string): MemoryNode => {
    const known = folders.get(path) ?? (files.lookupPath(path, {}).node as unknown as MemoryNode);
    folders.set(path, known);
    return known;
  };
  for (const { path, isFolder, mode, data } of readTar(archive)) {
    const place = `${dataFolder}${path}`;
    if (isFolder) files.mkdir(place, mode);
    else placeFile(findFolder(dirname(place)), basename(place), { mode, data });
  }
}

/** The type of a regular file in its mode. */
const regularFile = 0o100000;

function placeFile(
  folder: MemoryNode,
  name: string,
  { mode, data }: { mode: number; data: Uint8Array },
): void {
  const node = folder.node_ops.mknod(folder, name, regularFile | mode, 0);
  node.contents = data;
  node.usedBytes = data.length;
  node.stream_ops = copiedOnWrite(node.stream_ops, data);
}

/** PGlite's memory changes a file where it is, unless it grows or is emptied: then it makes a new one. */
function copiedOnWrite(operations: StreamOperations, shared: Uint8Array): StreamOperations {
  return {
    ...operations,
    write: (stream, ...args) => {
      const { node } = stream;
      if (node.contents === shared) node.contents = new Uint8Array(shared);
      return operations.write(stream, ...args);
    },
  };
}
