/**
 * The script of the thread that a program runs in. It is a text, because the package is bundled into programs that have no file for it.
 * Nothing that runs here is trusted: the messages of the thread are requests.
 */

import { loadCode } from '../../project/load-code.js';

export const threadSource = String.raw`
const { parentPort: port, workerData } = require('node:worker_threads');
const { Console } = require('node:console');
const { createRequire } = require('node:module');
const { Writable } = require('node:stream');
const { pathToFileURL } = require('node:url');
const { format, inspect, types } = require('node:util');

const { file, id, direction } = workerData;
const abort = new AbortController();
const waiting = new Map();
const failures = new WeakMap();
let queries = 0;
let lines = 0;

process.setSourceMapsEnabled(true);

class Identifier {
  constructor(name) {
    if (typeof name !== 'string' || name === '') throw new TypeError('identifier() needs a name');
    this.identifier = name;
  }
}

function log(...values) {
  lines += 1;
  if (lines <= workerData.mostLines) port.postMessage({ kind: 'log', text: format(...values).slice(0, 10000) });
}

const output = () => new Writable({
  decodeStrings: false,
  write(text, _, done) {
    log('%s', String(text).replace(/\n$/, ''));
    done();
  },
});
globalThis.console = new Console({ stdout: output(), stderr: output() });

const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
  if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
};

function pack(value) {
  if (value instanceof Identifier) return { kind: 'identifier', name: value.identifier };
  return { kind: 'value', value: plain(value) };
}

// Before the message is sent: structured cloning would keep neither classes nor their toJSON.
function plain(value) {
  if (Array.isArray(value)) return Array.from(value, (element) => plain(element));
  if (types.isDate(value) || types.isUint8Array(value)) return value;
  const isPrimitive = typeof value !== 'object' || value === null;
  return isPrimitive ? refuseLoss(value) : JSON.stringify(value, (_, inner) => refuseLoss(inner));
}

const lossy = /^(?:(?:Weak)?(?:Map|Set)|RegExp|Error|DataView|\w+(?:Array|Buffer))$/;

function refuseLoss(value) {
  if (types.isPromise(value)) throw new TypeError('a value is a promise: await it first');
  const isObject = typeof value === 'object' && value !== null;
  const kind = isObject ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
  if (kind !== 'function' && kind !== 'symbol' && !(isObject && lossy.test(kind))) return value;
  throw new TypeError('a value contains a ' + kind + ', which neither SQL nor JSON can hold: convert it to an object, an array or a text');
}

function textsOf(template, values) {
  if (typeof template === 'string' && values.length === 0) return [template];
  if (!Array.isArray(template) || !Array.isArray(template.raw))
    throw new TypeError('write SQL as a template, sql${'`'}…${'`'}, or as one text');
  if (template.includes(undefined)) throw new TypeError('the template has an invalid escape: write two backslashes');
  return [...template];
}

function createQuery(keepsRows) {
  return (template, ...values) => {
    const error = new Error('the query failed');
    const message = { kind: 'query', number: (queries += 1), keepsRows, texts: textsOf(template, values), values: values.map(pack), stack: String(error.stack) };
    return new Promise((resolve, reject) => {
      port.postMessage(message);
      waiting.set(message.number, { resolve, reject, error });
      port.ref();
    });
  };
}

function settle({ number, result, failure }) {
  const { resolve, reject, error } = waiting.get(number);
  waiting.delete(number);
  if (waiting.size === 0) port.unref();
  if (!failure) return resolve(result);
  failures.set(error, number);
  reject(Object.assign(error, failure));
}

port.on('message', (message) => {
  if (message.kind === 'abort') abort.abort();
  else settle(message);
});
port.unref();
${loadCode}
async function run() {
  const module = await load(file);
  const main = typeof module.default === 'function' ? module.default : module.default?.default;
  if (typeof main !== 'function')
    throw Object.assign(new Error('it has no default export that is a function'), { code: 'KAT_NO_FUNCTION' });
  const identifier = (name) => new Identifier(name);
  await main({ sql: createQuery(false), rows: createQuery(true), identifier, log, signal: abort.signal, id, direction });
}

function describe(thrown) {
  try {
    if (!types.isNativeError(thrown)) return { message: 'it threw ' + inspect(thrown, { depth: 1, breakLength: Infinity }), stack: '' };
    const { name, message, stack, code } = thrown;
    return { name: String(name), message: String(message), stack: String(stack), code: code == null ? undefined : String(code), query: findQuery(thrown) };
  } catch {
    return { message: 'it threw a value that cannot be shown', stack: '' };
  }
}

function findQuery(thrown) {
  for (let error = thrown, depth = 0; error && depth < 10; error = error.cause, depth += 1)
    if (failures.has(error)) return failures.get(error);
  return undefined;
}

const fail = (thrown) => port.postMessage({ kind: 'failed', ...describe(thrown) });
process.on('uncaughtException', fail);
run().then(() => port.postMessage({ kind: 'done', openQueries: waiting.size }), fail);
`;
