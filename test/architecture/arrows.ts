/** Which room may import from which: the plan of the house as data, and the check of one import against it. */

import { posix } from 'node:path';

/** What every room may use. */
const base = [
  ...[
    'before-webassembly',
    'errors',
    'file-reasons',
    'findings',
    'named-secrets',
    'line-ends',
    'outside-text',
    'present',
    'quote',
  ],
  ...['regular-file', 'secrets', 'source-line', 'sqlite-path', 'version'],
];

/** For every room the rooms it may use, beside itself and the base. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  cli: ['index', 'engine', 'graph', 'sql', 'project'],
  testing: ['engine', 'project', 'connections', 'graph'],
  index: ['engine', 'project', 'connections', 'sql', 'graph'],
  engine: ['page', 'project', 'connections', 'sql', 'graph'],
  page: ['sql', 'graph'],
  project: ['graph'],
  connections: ['graph'],
  sql: ['graph'],
  graph: [],
  'before-webassembly': [],
  'file-reasons': [],
  findings: [],
  errors: [],
  'line-ends': [],
  'outside-text': [],
  present: [],
  quote: [],
  'regular-file': [],
  'named-secrets': [],
  secrets: [],
  'source-line': [],
  'sqlite-path': ['errors'],
  version: [],
};

/** Inside of these rooms each folder, and each file beside the folders, may use only what is listed before it. */
const orders: Readonly<Record<string, readonly string[]>> = {
  engine: [
    ...[
      'events',
      'policy',
      'verify-codes',
      'ledger',
      'session',
      'snapshot',
      'throwaway',
      'plan',
      'trace',
      'validate',
      'evidence',
      'deps',
      'check',
      'blame',
      'lint',
      'schedule',
      'program',
      'run',
      'verify',
    ],
    ...[
      'script',
      'read',
      'database',
      'doctor',
      'ensure',
      'export',
      'report',
      'author',
      'bundle',
      'records',
      'drift',
      'schema',
      'squash',
      'import',
      'move-options',
      'plan-options',
      'kat-options',
      'kat-api',
      'options',
      'telemetry',
      'kat-settings',
      'kat',
      'load-kat',
    ],
  ],
  project: [
    ...[
      'duration',
      'io-problem',
      'replace-file',
      'save-file',
      'save-output',
      'change-file',
      'source-text',
      'code-place',
      'load-code',
      'yaml',
      'metadata',
      'folder',
      'config',
      'git',
      'import',
    ],
  ],
  sql: [
    ...[
      'syntax',
      'postgres',
      'transactions',
      'psql',
      'check',
      'join',
      'snapshot',
      'ddl',
      'effects',
      'dependencies',
      'blame',
      'conflicts',
    ],
    ...['schema', 'impact', 'concurrency', 'round-trip', 'lint'],
  ],
};

/** Rooms that reach nothing outside of the program: no disk, no clock, no process. */
const pure = new Set(['graph', 'sql', 'page', ...base]);
for (const name of ['regular-file', 'sqlite-path']) pure.delete(name);

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

/** @returns the file that an import of the project means, relative to src; undefined for a package. */
export function targetOf({ file, source }: Import): string | undefined {
  if (!source.startsWith('.')) return undefined;
  return posix.join(posix.dirname(file), source).replace(/\.js$/, '.ts');
}

/** @returns what is wrong with an import; undefined when the house allows it. */
export function checkImport(found: Import): string | undefined {
  const { file, source } = found;
  const room = partOf(file, 0);
  if (!allowed[room]) return `${file} is in no room of the house`;
  const target = targetOf(found);
  if (target === undefined) {
    return source.startsWith('node:') && pure.has(room)
      ? `${file} imports ${source}, and ${room} is pure`
      : undefined;
  }
  const other = partOf(target, 0);
  if (other === room) return checkOrder(room, found, target);
  const isAllowed = base.includes(other) || allowed[room].includes(other);
  return isAllowed ? undefined : `${file} imports ${source}: ${room} may not use ${other}`;
}

function checkOrder(room: string, { file, source }: Import, target: string): string | undefined {
  const order = orders[room];
  if (!order) return undefined;
  const [from, to] = [partOf(file, 1), partOf(target, 1)];
  const unknown = [from, to].find((part) => !order.includes(part));
  if (unknown !== undefined) return `${room}/${unknown} has no place in the order of ${room}`;
  return order.indexOf(to) <= order.indexOf(from)
    ? undefined
    : `${file} imports ${source}: ${room}/${from} may not use ${room}/${to}`;
}

function partOf(path: string, level: number): string {
  return (path.split('/')[level] as string).replace(/\.[jt]s$/, '');
}
