/** The script of the thread that runs a configuration module. What the module prints goes to stderr. */

import { loadCode } from '../../load-code.js';

export const configThreadSource = `
const { parentPort, workerData: { file } } = require('node:worker_threads');
const { Console } = require('node:console');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { inspect, types } = require('node:util');

globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
process.setSourceMapsEnabled(true);

const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
  if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
};
${loadCode}
const deepest = 10;

// Nothing but plain values crosses over, so that no method of the module runs later.
function plain(value, path) {
  if (value === undefined || value === null) return null;
  if (['string', 'number', 'boolean'].includes(typeof value)) return value;
  const name = path.join('.');
  if (typeof value !== 'object' || path.length > deepest) throw refusal(name, typeof value);
  const prototype = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.map((item, index) => plain(item, [...path, index]));
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw refusal(name, inspect(value, { depth: -1 }));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, [...path, key])]));
}

function refusal(name, kind) {
  const what = name === '' ? 'the default export' : '\`' + name + '\`';
  return Object.assign(new Error(what + ' must be a plain value, not ' + kind), { code: 'KAT_NOT_PLAIN' });
}

async function run() {
  const module = await load(file);
  const exported = module.default?.__esModule ? module.default.default : module.default;
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported))
    throw Object.assign(new Error('it has no default export that is an object'), { code: 'KAT_NO_OBJECT' });
  parentPort.postMessage({ value: plain(await exported, []) });
}

function describe(thrown) {
  try {
    if (!types.isNativeError(thrown)) return { message: 'it threw ' + inspect(thrown, { depth: 0, breakLength: Infinity }), stack: '' };
    const { name, message, stack, code } = thrown;
    return { name: String(name), message: String(message), stack: String(stack), code: code == null ? undefined : String(code) };
  } catch {
    return { message: 'it threw a value that cannot be shown', stack: '' };
  }
}

const fail = (thrown) => parentPort.postMessage({ failure: describe(thrown) });
process.on('uncaughtException', fail);
run().catch(fail);
`;
