/** Merges the files of a folder from three sides, file by file. */

/** Paths inside of a folder, and the names of their contents in git. */
export type FolderBlobs = ReadonlyMap<string, string>;

/** The merged folder, or the files that both sides changed in different ways. */
export type FolderMerge = { blobs: FolderBlobs } | { conflicts: string[] };

export interface FolderSides {
  base: FolderBlobs;
  ours: FolderBlobs;
  theirs: FolderBlobs;
}

/** A file that only one side changed, added or deleted is as on that side. */
export function mergeFolders({ base, ours, theirs }: FolderSides): FolderMerge {
  const paths = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort();
  const blobs = new Map<string, string>();
  const conflicts: string[] = [];
  for (const path of paths) {
    const [before, one, other] = [base.get(path), ours.get(path), theirs.get(path)];
    if (one !== other && one !== before && other !== before) conflicts.push(path);
    const blob = one === before ? other : one;
    if (blob !== undefined) blobs.set(path, blob);
  }
  return conflicts.length > 0 ? { conflicts } : { blobs };
}
