// wt/lead/test/support/kat-in-process.ts
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { compileFunction, constants } from 'node:vm';

var compiled = /* @__PURE__ */ new Map();
var nodeRequire = createRequire(import.meta.url);
function runInProcess(command, options) {
  return new Promise((resolve) => {
    const [stdout, stderr] = [collect(), collect()];
    const outputs = {
      stdout: stdout.stream,
      stderr: stderr.stream,
      end: (code) => resolve({ code, stdout: stdout.text(), stderr: stderr.text() }),
    };
    load(command, createHost(command, { ...options, ...outputs }));
  });
}
function createHost(command, { args, cwd, env, stdout, stderr, end }) {
  const events = new EventEmitter();
  let exitCode;
  let hasEnded = false;
  const own = {
    argv: [process.execPath, command, ...args],
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== void 0)),
    stdin: Readable.from([]),
    stdout,
    stderr,
    cwd: () => cwd,
    on: events.on.bind(events),
    once: events.once.bind(events),
    off: events.off.bind(events),
    emit: events.emit.bind(events),
    exit: () => {
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
function load(command, host) {
  const modules = /* @__PURE__ */ new Map();
  const open = (path) => {
    const known = modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    loaderOf(path)((name) => request(name, path), module, module.exports, host);
    return module.exports;
  };
  const request = (name, from) => {
    if (name.startsWith('.')) return open(join(dirname(from), name));
    const found = nodeRequire(name);
    return name === 'node:v8' ? { ...found, setFlagsFromString: () => void 0 } : found;
  };
  open(command);
}
function loaderOf(path) {
  let loader = compiled.get(path);
  if (!loader) {
    const text = readFileSync(path, 'utf8').replace(/^#!/, '//');
    loader = compileFunction(text, ['require', 'module', 'exports', 'process'], {
      filename: path,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    compiled.set(path, loader);
  }
  return loader;
}
function collect() {
  const parts = [];
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString('utf8') };
}

export { runInProcess };
