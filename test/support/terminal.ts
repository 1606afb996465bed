/** Runs the built command in a pseudo-terminal, made by the system's `script`, and reads what is on its screen. */

import { spawn } from 'node:child_process';
import { atEndOfFile } from './end-of-file.js';
import { katCommand } from './kat-command.js';

/** A command in a terminal of its own. */
export interface TerminalRun {
  /** Everything that was written so far, as the terminal got it. */
  written(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export async function startInTerminal(
  args: string,
  { cwd, env = {}, columns = 100 }: { cwd: string; env?: Readonly<Record<string, string>>; columns?: number },
): Promise<TerminalRun> {
  const line = `stty cols ${columns} rows 40; exec '${process.execPath}' '${await katCommand()}' ${args}`;
  const script =
    process.platform === 'linux'
      ? ['-q', '-e', '-f', '-c', line, '/dev/null']
      : ['-q', '/dev/null', 'sh', '-c', line];
  const child = spawn('script', script, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEndOfFile(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { written: () => text, ended, interrupt: () => void child.stdin.write('\u0003') };
}

const escapeCode = '\u001b';
const sequence = new RegExp(`${escapeCode}\\[(\\d*)([AJKm])|[\\r\\n]|[^\\r\\n${escapeCode}]+`, 'g');

/** The lines on the screen after this was written. @throws Error for a sequence that it does not know. */
export function screenOf(written: string): string[] {
  const unknown = written.replace(sequence, '');
  if (unknown !== '') throw new Error(`unknown sequences: ${JSON.stringify(unknown)}`);
  const screen: Screen = { lines: [''], row: 0, column: 0 };
  for (const [text, count, letter] of written.matchAll(sequence)) {
    if (letter === undefined) write(screen, text);
    else obey(screen, letter, Number(count || 1));
  }
  return screen.lines;
}

interface Screen {
  lines: string[];
  row: number;
  column: number;
}

function write(screen: Screen, text: string): void {
  const { row, column, lines } = screen;
  const line = lines[row] ?? '';
  if (text === '\r') screen.column = 0;
  else if (text === '\n') screen.row += 1;
  else {
    lines[row] = line.slice(0, column).padEnd(column) + text + line.slice(column + text.length);
    screen.column += text.length;
  }
  lines[screen.row] ??= '';
}

/** CUU, ED and EL of ECMA-48; colours change no character. */
function obey(screen: Screen, letter: string, count: number): void {
  const { row, column, lines } = screen;
  const kept = (lines[row] ?? '').slice(0, column);
  if (letter === 'A') screen.row = Math.max(0, row - count);
  if (letter === 'J') lines.splice(row, lines.length, kept);
  if (letter === 'K') lines[row] = kept;
}
