/** Decides which of file, environment and flags counts for each setting, and turns its text into a value. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { fieldsOfUrl } from './config-contradictions.js';
import type { ConfigFlags, Environment, FieldName } from './config-names.js';
import { configFields, type Field, type FieldPath } from './config-schema.js';
import { expandVariables } from './expand.js';
import type { WrittenValue } from './written-value.js';

interface Sources {
  values: ReadonlyMap<FieldPath, WrittenValue>;
  env: Environment;
  flags: ConfigFlags;
}

export interface Settings {
  /** The value that counts, or undefined when it is left out, empty or wrong; what is wrong goes to `problems`. */
  read<T>(field: Field<T> & { path: FieldPath }): T | undefined;
  problems: Problem[];
}

/** File, environment, flag: the higher one counts. */
type Rank = 0 | 1 | 2;

interface Candidate {
  rank: Rank;
  text: string;
  /** What to call it in a message. */
  origin: string;
  location?: SourceLocation;
  hasVariables?: boolean;
}

const namesByPath = new Map<FieldPath, FieldName>(
  (Object.keys(configFields) as FieldName[]).map((name) => [configFields[name].path, name]),
);

/**
 * Puts the sources one above the other. An empty environment variable counts as not set. A URL hides the single fields
 * of lower sources, as it is a whole address; single fields of its own source or a higher one override its parts.
 * Variables are expanded only in values of the file that count.
 */
export function mergeSettings(sources: Sources): Settings {
  const problems: Problem[] = [];
  const urlRank = findCandidate(configFields.url, sources)?.rank ?? 0;
  return {
    problems,
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
  field: { path: FieldPath; env?: string },
  { values, env, flags }: Sources,
): Candidate | undefined {
  const name = namesByPath.get(field.path);
  const flag = name && flags[name];
  if (flag !== undefined) return { rank: 2, text: String(flag), origin: `the flag for \`${field.path}\`` };
  const variable = field.env && env[field.env];
  if (field.env && variable) return { rank: 1, text: variable, origin: `${field.env} in the environment` };
  const written = values.get(field.path);
  if (!written) return undefined;
  const { text, location, isText } = written;
  return { rank: 0, text, origin: `\`${field.path}\``, location, hasVariables: isText };
}

function readCandidate<T>(
  field: Field<T>,
  candidate: Candidate,
  { env, problems }: { env: Environment; problems: Problem[] },
): T | undefined {
  const place = candidate.location ? { location: candidate.location } : {};
  const { text, unset } = candidate.hasVariables
    ? expandVariables(candidate.text, env)
    : { text: candidate.text, unset: [] };
  for (const variable of unset) {
    problems.push({
      message: `${candidate.origin} needs the environment variable ${variable}, which is not set`,
      ...place,
      help: `Set ${variable}, or write \${${variable}:-default} to have a default.`,
    });
  }
  if (unset.length > 0 || text === '') return undefined;
  const outcome = v.safeParse(field.value, text);
  if (outcome.success) return outcome.output;
  for (const issue of outcome.issues)
    problems.push({ message: `${candidate.origin} ${issue.message}`, ...place });
  return undefined;
}
