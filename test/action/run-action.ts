/** Runs the steps of `action.yml` as the runner of GitHub Actions does. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { katCommand } from '../support/kat-command.js';

interface Step {
  id?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
  'working-directory'?: string;
}

interface Action {
  inputs: Record<string, { default: string }>;
  runs: { steps: Step[] };
}

interface Outcome {
  /** Of the step that failed, or 0. */
  code: number;
  output: string;
  summary: string;
}

const root = resolve(import.meta.dirname, '../..');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

/**
 * Runs all steps but those of other actions, for the pull request 7 of acme/shop.
 * @param folder the clone.
 * @param base the pull request's base.
 * @param api the address of GitHub's API.
 */
export async function runAction(
  folder: string,
  { base, api }: { base: string; api: string },
): Promise<Outcome> {
  const temp = join(folder, '../temp');
  mkdirSync(temp, { recursive: true });
  const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const values = await contextOf(base);
  const job = {
    ...{ PATH: process.env.PATH, HOME: temp, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME },
    ...{ GITHUB_ACTIONS: 'true', CI: 'true', RUNNER_TEMP: temp, GITHUB_ACTION_PATH: root },
    ...{ GITHUB_API_URL: api, GITHUB_REPOSITORY: 'acme/shop', ...files },
  };
  let output = '';
  let code = 0;
  for (const step of action.runs.steps) {
    if (code === 0 && isRun(step, values)) {
      const run = await runStep(step, { folder, job, values });
      output += run.output;
      code = run.code;
      takeOutputs(step, files.GITHUB_OUTPUT, values);
    }
  }
  return { code, output, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

/** The values of expressions. */
type Values = Map<string, string>;

async function contextOf(base: string): Promise<Values> {
  const values: Values = new Map([
    ['github.event.pull_request.base.sha', base],
    ['github.event.pull_request.number', '7'],
    ['github.token', 'job-token'],
    ["inputs.comment == 'true' && github.event_name == 'pull_request'", 'true'],
  ]);
  for (const [name, input] of Object.entries(action.inputs)) {
    values.set(`inputs.${name}`, fill(input.default, values));
  }
  return values.set('inputs.command', `node ${await katCommand()}`);
}

/** @throws for an expression without a value. */
function fill(template: string, values: Values): string {
  return template.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = values.get(expression);
    if (value === undefined) throw new Error(`unknown expression: ${expression}`);
    return value;
  });
}

function isRun(step: Step, values: Values): boolean {
  return step.run !== undefined && (step.if === undefined || fill(step.if, values) === 'true');
}

/** As the runner does it: `bash --noprofile --norc -eo pipefail`. */
async function runStep(
  { run = '', env: own = {}, 'working-directory': directory = '.' }: Step,
  { folder, job, values }: { folder: string; job: NodeJS.ProcessEnv; values: Values },
): Promise<Pick<Outcome, 'code' | 'output'>> {
  const env = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, fill(value, values)]));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
    cwd: join(folder, fill(directory, values)),
    env: { ...job, ...env },
  });
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output: stdout + stderr };
}

function takeOutputs({ id }: Step, file: string, values: Values): void {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, value] = line.split('=');
    if (name && value !== undefined) values.set(`steps.${id}.outputs.${name}`, value);
  }
  writeFileSync(file, '');
}
