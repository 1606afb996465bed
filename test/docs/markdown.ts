/** Takes a Markdown page apart into what a reader would do with it: type commands and write files. */

/** Where a page's commands run. */
export type Database = 'pglite' | 'postgres';

export interface Command {
  text: string;
  /** What the page shows below it; undefined where the page shows no output. */
  output: readonly string[] | undefined;
  /** Whether the page asks for the exit code right after it, and so may let it fail. */
  mayFail: boolean;
  /** In the page, counted from 1. */
  line: number;
}

interface Placed {
  line: number;
  /** The only database that this block is for; undefined means all. */
  only: Database | undefined;
}

interface CommandBlock extends Placed {
  kind: 'commands';
  commands: readonly Command[];
}

interface FileBlock extends Placed {
  kind: 'file';
  /** As the page has it, with at most one `*`. */
  path: string;
  text: string;
  /** What the page says between the block before and this one. */
  prose: string;
}

type Block = CommandBlock | FileBlock;

export interface Page {
  databases: readonly Database[];
  blocks: readonly Block[];
}

interface Fence {
  language: string;
  path: string | undefined;
  lines: readonly string[];
  line: number;
  prose: readonly string[];
}

/** A command whose input follows in the next lines, up to this word alone. */
export const hereDocument = /<<'(\w+)'$/m;

/** Pictures, messages and excerpts: nothing that could be run. */
const unrunnable = new Set(['text', 'mermaid', 'json']);

/**
 * @throws Error for a block that would escape being run: SQL, YAML and JavaScript need a path, commands need `console` or
 *   `sh`.
 */
export function parsePage(markdown: string): Page {
  const declared = /^<!-- databases: ([a-z, ]+) -->$/m.exec(markdown.slice(0, 300))?.[1];
  const databases = (declared?.split(', ') ?? ['pglite']) as Database[];
  const blocks = findFences(markdown.split('\n')).flatMap((fence) => toBlock(fence) ?? []);
  return { databases, blocks };
}

function findFences(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let prose: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^(`{3,})(.*)$/.exec(lines[index] as string);
    if (!opening) {
      prose.push(lines[index] as string);
      continue;
    }
    const [, ticks = '', info = ''] = opening;
    const [language = '', path] = info.trim().split(/\s+/);
    const end = lines.findIndex((line, at) => at > index && line.trimEnd() === ticks);
    if (end < 0) throw new Error(`line ${index + 1}: the block does not end`);
    fences.push({ language, path, lines: lines.slice(index + 1, end), line: index + 1, prose });
    prose = [];
    index = end;
  }
  return fences;
}

function toBlock(fence: Fence): Block | undefined {
  const { language, path, lines, line, prose } = fence;
  const only = /^<!-- only: (pglite|postgres) -->$/.exec(prose.at(-1) ?? '')?.[1] as Database | undefined;
  if (language === 'console') return { kind: 'commands', commands: parseConsole(lines, line), line, only };
  if (language === 'sh') return { kind: 'commands', commands: parseScript(lines, line), line, only };
  if (path) return { kind: 'file', path, text: `${lines.join('\n')}\n`, prose: prose.join('\n'), line, only };
  if (unrunnable.has(language)) return undefined;
  throw new Error(`line ${line}: a block of ${language || 'no language'} without a path would not be run`);
}

function parseConsole(lines: readonly string[], blockLine: number): Command[] {
  const commands: { text: string; output: string[]; line: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = commands.at(-1);
    if (line.startsWith('$ '))
      commands.push({ text: line.slice(2), output: [], line: blockLine + index + 1 });
    else if (!last) throw new Error(`line ${blockLine + index + 1}: output without a command`);
    else if (last.text.endsWith('\\') && last.output.length === 0) last.text = `${last.text}\n${line}`;
    else last.output.push(line);
  }
  return commands.map((command, index) => ({
    ...command,
    mayFail: commands[index + 1]?.text === 'echo $?',
  }));
}

function parseScript(lines: readonly string[], blockLine: number): Command[] {
  const commands: Command[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const [first = '', line] = [lines[index], blockLine + index + 1];
    if (first.trim() === '' || first.startsWith('#')) continue;
    const end = endOfHereDocument(lines, index);
    commands.push({ text: lines.slice(index, end + 1).join('\n'), output: undefined, mayFail: false, line });
    index = end;
  }
  return commands;
}

/** @returns the index of the last line of the command that begins at `start`. */
function endOfHereDocument(lines: readonly string[], start: number): number {
  const delimiter = hereDocument.exec(lines[start] as string)?.[1];
  if (delimiter === undefined) return start;
  const end = lines.indexOf(delimiter, start);
  if (end < 0) throw new Error(`the here-document ${delimiter} does not end`);
  return end;
}
