/**
 * Runs the built command in the test's own process, which costs a fifth of the CPU of a process of its own: Node.js starts once,
 * and the parser's WebAssembly is compiled once. The command is loaded anew for each run, with a `process` of its own.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path, { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import v8 from 'node:v8';
import { compileFunction, constants } from 'node:vm';
import type { KatRun } from './kat-command.js';

export interface HostOptions {
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether stderr comes out as part of stdout, in the order of time. */
  isMerged?: boolean;
}

interface Outputs {
  stdout: Writable;
  stderr: Writable;
  end: (code: number | undefined) => void;
}

type Loader = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: NodeJS.Process,
) => void;

const compiled = new Map<string, Loader>();
const nodeRequire = createRequire(import.meta.url);

/** @param command the absolute path of the built command. */
export function runInProcess(command: string, options: HostOptions): Promise<KatRun> {
  return new Promise((resolve) => {
    const [stdout, stderr] = [collect(), collect()];
    const outputs: Outputs = {
      stdout: stdout.stream,
      stderr: options.isMerged ? stdout.stream : stderr.stream,
      end: (code) => resolve({ code, stdout: stdout.text(), stderr: stderr.text() }),
    };
    load(command, createHost(command, { ...options, ...outputs }));
  });
}

/** A `process` for one run of the command: its own arguments, environment and outputs, and the rest of the test's. */
function createHost(command: string, { args, cwd, env, stdout, stderr, end }: HostOptions & Outputs) {
  const events = new EventEmitter();
  let exitCode: number | undefined;
  let hasEnded = false;
  const own = {
    argv: [process.execPath, command, ...args],
    execArgv: [],
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdin: Readable.from([]),
    stdout,
    stderr,
    cwd: () => cwd,
    on: events.on.bind(events),
    once: events.once.bind(events),
    off: events.off.bind(events),
    emit: events.emit.bind(events),
    // Once it has its code, the command has nothing more to do.
    exit: () => {
      if (exitCode !== undefined) return;
      throw new Error('only a signal ends the command early, and those reach processes only');
    },
    get exitCode() {
      return exitCode;
    },
    set exitCode(code) {
      exitCode = code;
      if (!hasEnded) setImmediate(finish);
    },
  };
  const finish = () => {
    hasEnded = true;
    events.emit('exit', exitCode);
    end(exitCode);
  };
  return new Proxy(process, {
    get: (target, name) => Reflect.get(Object.hasOwn(own, name) ? own : target, name),
    set: (_, name, value) => Reflect.set(own, name, value),
  });
}

function load(command: string, host: NodeJS.Process): void {
  const modules = new Map<string, { exports: unknown }>();
  const open = (file: string): unknown => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    loaderOf(file)((name) => request(name, file), module, module.exports, host);
    return module.exports;
  };
  const builtins = ownBuiltins(host);
  const request = (name: string, from: string): unknown => {
    if (name.startsWith('.')) return open(join(dirname(from), name));
    return builtins[name] ?? nodeRequire(name);
  };
  open(command);
}

/** Modules of Node.js that know of a process as a whole. */
function ownBuiltins(host: NodeJS.Process): Record<string, unknown> {
  const from = (folder: string, to: string) =>
    path.relative(path.resolve(host.cwd(), folder), path.resolve(host.cwd(), to));
  return {
    'node:process': host,
    'node:path': {
      ...path,
      resolve: (...parts: string[]) => path.resolve(host.cwd(), ...parts),
      relative: from,
    },
    // The flags are of the test's process, which has other work to do.
    'node:v8': { ...v8, setFlagsFromString: () => undefined },
  };
}

function loaderOf(file: string): Loader {
  let loader = compiled.get(file);
  if (!loader) {
    const text = readFileSync(file, 'utf8').replace(/^#!/, '//');
    loader = compileFunction(text, ['require', 'module', 'exports', 'process'], {
      filename: file,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as Loader;
    compiled.set(file, loader);
  }
  return loader;
}

function collect() {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString('utf8') };
}
