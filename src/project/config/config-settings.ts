/** Decides which of file, environment and flags counts for each setting, and turns its text into a value. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { fieldsOfUrl } from './config-contradictions.js';
import { configFields, type Field, type FieldPath } from './config-fields.js';
import type { ConfigFlags, Environment, FieldName } from './config-names.js';
import { expandVariables } from './expand.js';
import { missingVariable } from './missing-variables.js';
import type { WrittenValue } from './written-value.js';

export interface Sources {
  values: ReadonlyMap<FieldPath, WrittenValue>;
  env: Environment;
  flags: ConfigFlags;
}

export interface Settings {
  /** The value that counts, or undefined when it is left out, empty or wrong; what is wrong goes to `problems`. */
  read<T>(field: Field<T> & { path: FieldPath }): T | undefined;
  /** The same, and what is wrong goes nowhere. */
  peek<T>(field: Field<T> & { path: FieldPath }): T | undefined;
  problems: Problem[];
}

/** File, environment, flag: the higher one counts. */
type Rank = 0 | 1 | 2;

interface Candidate {
  rank: Rank;
  text: string;
  /** Its name in a message. */
  origin: string;
  location?: SourceLocation;
  hasVariables?: boolean;
  isComputed?: boolean;
}

const namesByPath = new Map<FieldPath, FieldName>(
  (Object.keys(configFields) as FieldName[]).map((name) => [configFields[name].path, name]),
);

/**
 * Puts the sources one above the other. An empty environment variable counts as not set, unless another database, table
 * or folder would take the place of the one that was meant. A URL hides the single fields
 * of lower sources, as it is a whole address; single fields of its own source or a higher one override its parts.
 * Variables are expanded only in values of the file that count.
 */
export function mergeSettings(sources: Sources): Settings {
  const problems: Problem[] = [];
  const urlRank = findCandidate(configFields.url, sources)?.rank ?? 0;
  return {
    problems,
    peek: (field) => {
      const candidate = findCandidate(field, sources);
      return candidate && readCandidate(field, candidate, { env: sources.env, problems: [] });
    },
    read: (field) => {
      const candidate = findCandidate(field, sources);
      if (!candidate) return undefined;
      const isPartOfUrl = (fieldsOfUrl as readonly FieldPath[]).includes(field.path);
      if (isPartOfUrl && candidate.rank < urlRank) return undefined;
      return readCandidate(field, candidate, { env: sources.env, problems });
    },
  };
}

function findCandidate(
  field: { path: FieldPath; env?: string; isTarget?: true },
  { values, env, flags }: Sources,
): Candidate | undefined {
  const name = namesByPath.get(field.path);
  const flag = name && flags[name];
  if (flag !== undefined) return { rank: 2, text: String(flag), origin: `the flag for \`${field.path}\`` };
  const variable = field.env && env[field.env];
  if (variable || (field.isTarget && variable === ''))
    return { rank: 1, text: variable, origin: `${field.env} in the environment` };
  const written = values.get(field.path);
  if (!written) return undefined;
  const { path, text, location, isText, isComputed } = written;
  return { rank: 0, text, origin: `\`${path}\``, location, hasVariables: isText, isComputed };
}

interface Reading {
  env: Environment;
  problems: Problem[];
}

function readCandidate<T>(
  field: Field<T> & { path: FieldPath },
  candidate: Candidate,
  reading: Reading,
): T | undefined {
  const place = candidate.location ? { location: candidate.location } : {};
  const report = (problem: Pick<Problem, 'message' | 'help'>): undefined => {
    reading.problems.push({ ...problem, ...place });
  };
  const isPassword = field.path === 'database.password';
  const { text, missing } = expandCandidate(candidate, reading.env);
  for (const variable of missing) report(missingVariable(variable, { origin: candidate.origin, isPassword }));
  if (missing.length > 0) return undefined;
  const value = isPassword ? text.replace(/[\r\n]+$/, '') : text.trim();
  if (candidate.text.trim() === '') return report(emptyValue(candidate));
  if (value === '') return undefined;
  if (!isPassword && /\p{Cc}/u.test(value)) return report(unprintableValue(candidate.origin));
  const outcome = v.safeParse(field.value, value);
  if (outcome.success) return outcome.output;
  for (const issue of outcome.issues) report({ message: `${candidate.origin} ${issue.message}` });
  return undefined;
}

function expandCandidate({ text, hasVariables }: Candidate, env: Environment) {
  return hasVariables ? expandVariables(text, env) : { text, missing: [] };
}

/** An empty value is an error, because a default would seldom be the intended value. */
function emptyValue({ origin, isComputed }: Candidate): Pick<Problem, 'message' | 'help'> {
  const remedy = isComputed ? 'Set the environment variable that the module reads for it' : 'Give it a value';
  return { message: `${origin} is empty`, help: `${remedy}, or leave it out to use the default.` };
}

function unprintableValue(origin: string): Pick<Problem, 'message' | 'help'> {
  return {
    message: `${origin} contains a line break or another control character`,
    help: 'Remove the control character.',
  };
}
