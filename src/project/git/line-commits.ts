/** Asks git which commits wrote given lines of a file. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { reasonOf, runGit } from './run-git.js';

/** The commit that last changed a line. */
export interface LineCommit {
  /** Its full name. */
  commit: string;
  author: string;
  /** ISO 8601 in UTC. */
  authoredAt: string;
  /** The first line of its message. */
  subject: string;
  /** Whether the clone ends at this commit, so that an earlier one may have written the line. */
  isBoundary: boolean;
}

/** By line, counted from 1; a line of no commit has `uncommitted`. Or why git cannot tell. */
export type LineCommits = LinesWithCommits | { reason: string };

type LinesWithCommits = ReadonlyMap<number, LineCommit | 'uncommitted'>;

/** @param lines of the file as it is on the disk; spaces that were changed later do not count. */
export async function readLineCommits(file: string, lines: readonly number[]): Promise<LineCommits> {
  const ranges = [...new Set(lines)].flatMap((line) => ['-L', `${line},${line}`]);
  const folder = dirname(file);
  const args = ['blame', '--porcelain', '-w', ...ranges, '--', basename(file)];
  const { code, stdout, stderr } = await runGit(folder, args);
  if (code === 0) return withoutRoots(folder, parsePorcelain(stdout.toString('utf8')));
  if (isNew(stderr)) return new Map(lines.map((line) => [line, 'uncommitted']));
  return { reason: reasonOf({ stderr }) };
}

/** The current commit does not have the file, or there is no commit. */
function isNew(stderr: string): boolean {
  return /^fatal: no such (?:path .* in HEAD|ref: HEAD)/.test(stderr);
}

/** git marks the first commit of a history as a boundary, too. */
async function withoutRoots(folder: string, found: LinesWithCommits): Promise<LinesWithCommits> {
  if (![...found.values()].some((commit) => commit !== 'uncommitted' && commit.isBoundary)) return found;
  const ends = await readShallowCommits(folder);
  const corrected = [...found].map(([line, commit]) => {
    const isEnd = commit !== 'uncommitted' && ends.has(commit.commit);
    return [line, commit === 'uncommitted' ? commit : { ...commit, isBoundary: isEnd }] as const;
  });
  return new Map(corrected);
}

/** The commits whose parents a shallow clone does not have: https://git-scm.com/docs/shallow */
async function readShallowCommits(folder: string): Promise<ReadonlySet<string>> {
  const { stdout } = await runGit(folder, ['rev-parse', '--git-path', 'shallow']);
  const file = resolve(folder, stdout.toString('utf8').trim());
  return new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
}

/** One header for each commit, before its first line: https://git-scm.com/docs/git-blame#_the_porcelain_format */
function parsePorcelain(text: string): LinesWithCommits {
  const commits = new Map<string, Map<string, string>>();
  const found = new Map<number, LineCommit | 'uncommitted'>();
  let fields = new Map<string, string>();
  for (const row of text.split('\n')) {
    const [, commit, line] = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row) ?? [];
    if (commit !== undefined && line !== undefined) {
      fields = commits.get(commit) ?? new Map([['commit', commit]]);
      commits.set(commit, fields);
      fields.set('line', line);
    } else if (row.startsWith('\t')) found.set(Number(fields.get('line')), commitOf(fields));
    else fields.set(...splitField(row));
  }
  return found;
}

function splitField(row: string): [name: string, value: string] {
  const end = row.indexOf(' ');
  return end < 0 ? [row, ''] : [row.slice(0, end), row.slice(end + 1)];
}

function commitOf(fields: ReadonlyMap<string, string>): LineCommit | 'uncommitted' {
  const commit = fields.get('commit') ?? '';
  if (/^0+$/.test(commit)) return 'uncommitted';
  return {
    commit,
    author: fields.get('author') ?? '',
    authoredAt: new Date(Number(fields.get('author-time')) * 1000).toISOString(),
    subject: fields.get('summary') ?? '',
    isBoundary: fields.has('boundary'),
  };
}
