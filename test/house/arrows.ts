/** Which room may import from which: the plan of the house as data, and the check of one import against it. */

import { posix } from 'node:path';

/** What stands below all rooms. */
const cellar = ['errors', 'findings', 'outside-text', 'secrets', 'version'];

/** For every room the rooms it may use, beside itself and the cellar. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  cli: ['index', 'engine', 'graph', 'sql', 'project'],
  index: ['engine', 'project', 'connections', 'sql', 'graph'],
  engine: ['project', 'connections', 'sql', 'graph'],
  project: ['graph'],
  connections: ['graph'],
  sql: ['graph'],
  graph: [],
  findings: [],
  errors: [],
  'outside-text': [],
  secrets: [],
  version: [],
};

/** Rooms that reach nothing outside of the program: no disk, no clock, no process. */
const pure = new Set(['graph', 'sql', ...cellar]);

/** One import, as `file` (relative to src, with `/`) has it. */
export interface Import {
  file: string;
  source: string;
}

/** The sources that a file imports: static, dynamic, re-exported, and in types. */
export function findImports(file: string, text: string): Import[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)(['"])([^'"]+)\1/gm;
  return [...text.matchAll(pattern)].map((match) => ({ file, source: match[2] as string }));
}

/** @returns what is wrong with an import; undefined when the house allows it. */
export function checkImport({ file, source }: Import): string | undefined {
  const room = roomOf(file);
  if (!allowed[room]) return `${file} is in no room of the house`;
  if (!source.startsWith('.')) {
    return source.startsWith('node:') && pure.has(room)
      ? `${file} imports ${source}, and ${room} is pure`
      : undefined;
  }
  const target = roomOf(posix.join(posix.dirname(file), source));
  const isAllowed = target === room || cellar.includes(target) || allowed[room].includes(target);
  return isAllowed ? undefined : `${file} imports ${source}: ${room} may not use ${target}`;
}

function roomOf(path: string): string {
  return (path.split('/')[0] as string).replace(/\.[jt]s$/, '');
}
