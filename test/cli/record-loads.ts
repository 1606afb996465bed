/** Which modules a run of the command loads, by ESM and by CommonJS: written down by Node.js's own hooks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KatRun } from '../support/kat-command.js';
import type { Project } from '../support/kat-project.js';

/** Runs on the thread of the ESM loader. */
const hooks = `
import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(process.env.RECORD_LOADS, found.url + '\\n');
  return found;
}`;

const recorder = `
import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
register(${JSON.stringify(asModule(hooks))});
const load = Module._load;
Module._load = function (request, parent, isMain) {
  appendFileSync(process.env.RECORD_LOADS, Module._resolveFilename(request, parent, isMain) + '\\n');
  return load.apply(this, arguments);
};`;

function asModule(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** @returns the run, and the path or URL of every module that it loaded. */
export async function recordLoads(project: Project, args: string): Promise<{ run: KatRun; loads: string[] }> {
  const file = join(project.home, 'loads.txt');
  const run = await project.kat(args, {
    nodeArguments: ['--import', asModule(recorder)],
    env: { RECORD_LOADS: file },
  });
  return { run, loads: readFileSync(file, 'utf8').trim().split('\n') };
}
