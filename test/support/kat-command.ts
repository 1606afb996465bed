/** Runs the built command as its users do: without a terminal, in a clean environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askSetup } from './ask-setup.js';
import { checkDocument } from './check-document.js';
import { runInProcess } from './kat-in-process.js';

/** What became of one run of the command. */
export interface KatRun {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

export interface KatOptions {
  cwd: string;
  /** Its HOME, so that no file of the developer's plays a part. */
  home: string;
  /** Nothing else of our environment than PATH is passed on. */
  env?: Readonly<Record<string, string>>;
  /**
   * Whether it runs as a process, where a test is about what only processes have: their end, their pid, a current folder for
   * the paths of files, environment variables that Node.js or other programs read. Implied by Node's arguments, another copy and input.
   */
  isProcess?: boolean | undefined;
  /** Arguments for Node.js itself, such as `--import`. */
  nodeArguments?: readonly string[];
  /** Another copy of the command. */
  command?: string;
  /** When a process is killed, in milliseconds; default half a minute. */
  timeoutMs?: number;
  /** Whether the test writes to its stdin, which is empty otherwise. */
  hasInput?: boolean;
}

/** A command that is running. */
export interface RunningKat {
  child: ChildProcess;
  ended: Promise<KatRun>;
}

let found: Promise<string> | undefined;

/** The absolute path of the built command. */
export function katCommand(): Promise<string> {
  found ??= askSetup('GET', 'command');
  return found;
}

/** Starts the command as a process; the pipes of its output are read from the start. */
export async function startKat(args: readonly string[], options: KatOptions): Promise<RunningKat> {
  const {
    cwd,
    nodeArguments = [],
    command = await katCommand(),
    timeoutMs = 30_000,
    hasInput = false,
  } = options;
  const child = spawn(process.execPath, [...nodeArguments, command, ...args], {
    cwd,
    env: environment(options),
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const exited = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? undefined));
  });
  const ended = Promise.all([exited, textOf(child.stdout), textOf(child.stderr)]).then(
    ([code, stdout, stderr]) => checked(args, { code, stdout, stderr }),
  );
  return { child, ended };
}

function textOf(stream: Readable | null): Promise<string> {
  return stream ? text(stream) : Promise.resolve('');
}

/** Runs the command to its end. */
export async function runKat(args: readonly string[], options: KatOptions): Promise<KatRun> {
  if (needsProcess(options)) return (await startKat(args, options)).ended;
  return checked(
    args,
    await runInProcess(await katCommand(), { args, cwd: options.cwd, env: environment(options) }),
  );
}

function needsProcess({ isProcess, nodeArguments, command, hasInput }: KatOptions): boolean {
  return [isProcess, nodeArguments, command, hasInput].some((option) => option !== undefined);
}

function environment({ home, env }: KatOptions): Record<string, string | undefined> {
  return { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, ...env };
}

function checked(args: readonly string[], run: KatRun): KatRun {
  if (args.includes('--json') && run.code !== undefined && run.stdout !== '') checkDocument(run.stdout);
  return run;
}
