/** Reads the `.env` file that the configuration asks for, and puts its variables below those of the process. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as util from 'node:util';
import type { Problem, Result } from '../../errors.js';
import { present } from '../../present.js';
import { readText } from '../source-text.js';
import { hideExcerpt } from './config-excerpt.js';
import type { Environment } from './config-names.js';
import type { WrittenValue } from './written-value.js';

const mostBytes = 1 << 20;

interface AskedFile {
  /** As it is asked for, relative to the configuration; undefined where no file is. */
  path: string | undefined;
  /** The setting. */
  setting: WrittenValue | undefined;
  configFile: string;
}

interface MergedEnvironment {
  env: Environment;
  problems: Problem[];
}

/** @returns the variables of both, of which those of the process count. No problem shows a value. */
export function addEnvFile(env: Environment, { path, setting, configFile }: AskedFile): MergedEnvironment {
  if (path === undefined) return { env, problems: [] };
  const file = resolve(dirname(configFile), path);
  const { value: variables = {}, problems = findEarly(file, variables, env) } = readVariables(file);
  const own = Object.entries(env).filter(([, text]) => text !== undefined);
  return {
    env: { ...variables, ...Object.fromEntries(own) },
    problems: problems.map((problem) => ({ ...present({ location: setting?.location }), ...problem })),
  };
}

type Variables = Readonly<Record<string, string>>;

function readVariables(file: string): Result<Variables> {
  if (!existsSync(file)) return fault(`\`env_file\` names ${file}, which does not exist`, missingHelp);
  if (!hasParser()) return fault(`Node.js ${process.versions.node} cannot read \`env_file\``, nodeHelp);
  const text = readText(file, mostBytes);
  if (typeof text !== 'string') return { problems: [hideExcerpt(text)] };
  const value = util.parseEnv(text) as Record<string, string>;
  // A line without `=` becomes a part of the next name.
  const wrong = Object.keys(value).find((name) => !/^[A-Za-z_][\w.-]*$/.test(name));
  if (wrong === undefined) return { value };
  const [begin = ''] = wrong.split('\n');
  const line = text.slice(0, text.indexOf(begin)).split('\n').length;
  return fault(`line ${line} of ${file} is not NAME=value`, 'Correct the line, or begin a comment with #.');
}

const missingHelp =
  'Create the file or correct the path. To use it in one environment only, move `env_file` into its section.';
const nodeHelp = 'Use Node.js 20.12 or later, or remove `env_file` and set the variables.';

/** Node.js 20.0 to 20.11 have none. */
function hasParser(): boolean {
  return typeof (util as Partial<typeof util>).parseEnv === 'function';
}

function fault(message: string, help: string): { problems: Problem[] } {
  return { problems: [{ message, help }] };
}

/** They choose what is read, so they are read before the file. */
const earlyVariables = ['KAT_ENV', 'KAT_CONFIG_FILE'];

function findEarly(file: string, variables: Variables, env: Environment): Problem[] {
  const found = earlyVariables.filter((name) => variables[name] !== undefined && env[name] === undefined);
  return found.map((name) => ({
    message: `${file} sets ${name}, which Kat reads before this file`,
    help: `Remove ${name} from the file, and set it in the environment.`,
  }));
}
