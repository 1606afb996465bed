/** Pairs the programs of a tool with SQL that people put in their places: `1_users.up.sql` and `1_users.down.sql`. */

import { looksLikeSql, type SourceFolder } from '../source.js';

/** A folder's files of one migration. */
export interface ProgramFiles {
  /** The names without their endings. */
  stem: string;
  /** In JavaScript or TypeScript. */
  program?: string;
  up?: string;
  down?: string;
}

const code = /^(.*?)\.[cm]?[jt]s$/;
const sql = /^(.*?)(?:\.(up|down))?\.sql$/;

/** In the order of the names; declarations and what has no number in front are left out. */
export function listPrograms({ files }: SourceFolder): ProgramFiles[] {
  const found = new Map<string, ProgramFiles>();
  for (const file of files) {
    if (!/^\d/.test(file) || /\.d\.[cm]?ts$/.test(file)) continue;
    const [, stem, direction = 'up'] = sql.exec(file) ?? [];
    const [, program] = code.exec(file) ?? [];
    const name = stem ?? program;
    if (name === undefined) continue;
    const kind = looksLikeSql(file) ? direction : 'program';
    found.set(name, { ...found.get(name), stem: name, [kind]: file });
  }
  return [...found.values()];
}
