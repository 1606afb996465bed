/** Which commands a page may show: those that the runner runs, and those that another test runs. */

import { hereDocument } from './markdown.js';

/** Programs that every developer's machine has, or that the runner provides. */
const programs = new Set([
  'alias',
  'kat',
  'cat',
  'cd',
  'chmod',
  'echo',
  'export',
  'git',
  'ls',
  'mkdir',
  'mv',
  'node',
  'rm',
  'vitest',
]);

/** What cannot run inside of a page's folder, and the file that really runs it. */
export const runElsewhere: ReadonlyMap<string, string> = new Map([
  ['npm run demo', 'test/docs/demo.test.ts'],
  ['npm test', '.ci/run'],
  ['npm install kat-migrate', 'test/docs/install.test.ts'],
  // No machine has a pg_dump that is new enough for every server.
  ['kat baseline', 'test/cli/baseline.test.ts'],
]);

/**
 * The programs of a shell command that nobody would run.
 * @param command as typed: variables in front, and several commands joined by `&&`, `||`, `;` or `|`.
 */
export function findUnknownPrograms(command: string): string[] {
  const quoted = /'[^']*'|"(?:\\.|[^"\\])*"/gs;
  const [typed = ''] = hereDocument.test(command) ? command.split('\n') : [command];
  const parts = typed.replace(quoted, 'text').split(/&&|\|\||[;|]/);
  return parts.map(programOf).filter((program) => !programs.has(program));
}

function programOf(part: string): string {
  const words = part.trim().split(/\s+/);
  const start = words.findIndex((word) => !/^\w+=/.test(word));
  const [program = '', argument = ''] = words.slice(start);
  return program === 'npx' ? argument : program;
}
