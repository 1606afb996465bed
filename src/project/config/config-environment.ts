/** Chooses an environment of kat.conf.yaml, and refuses what would lead its name to another database. */

import { KatError, type Problem } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import { configFields, type FieldPath } from './config-fields.js';
import type { Environment } from './config-names.js';
import type { WrittenValue } from './written-value.js';

/**
 * The environment that the caller names, else the one of `KAT_ENV`.
 * @throws KatError CONFIG_INVALID when the name is empty: another database was meant.
 */
export function wantedEnvironment(named: string | undefined, env: Environment): string | undefined {
  const name = named ?? env.KAT_ENV?.trim();
  if (name !== '') return name;
  const message = named === undefined ? 'KAT_ENV in the environment is empty' : '--env is empty';
  throw new KatError('CONFIG_INVALID', message, {
    help: 'Name an environment of the configuration file, or leave it out.',
  });
}

/** @param known the environments of the file. */
export function unknownEnvironment(name: string, known: readonly string[], file: string): Problem {
  const message = `${file} has no environment ${JSON.stringify(name)}`;
  if (known.length === 0)
    return {
      message,
      help: 'Add it to the section `environments` of the file. Without --env and KAT_ENV, Kat uses the database of the section `database`.',
    };
  const [meant] = nearest(name, known, 1);
  const suggestion = meant === undefined ? '' : `Did you mean \`${meant}\`? `;
  return { message, help: `${suggestion}Its environments are ${known.join(', ')}.` };
}

const unchosen = 'no environment is chosen';

/** Whether the configuration was refused because all its databases are in environments, and none is chosen. */
export function isUnchosen(error: unknown): error is KatError {
  return error instanceof KatError && error.problems.some(({ message }) => message.startsWith(unchosen));
}

/** For a file whose databases are all in environments. */
export function noEnvironment(known: readonly string[], file: string): Problem {
  return {
    message: `${unchosen}, and ${file} has no \`database\` outside its environments`,
    help: `Choose one with --env or KAT_ENV: ${known.join(', ')}.`,
  };
}

/** Settings that say which database is meant, and what the variable of each would take the place of. */
const targets = [
  {
    field: configFields.driver,
    replaced: ['database.driver', 'database.url', 'database.host', 'database.name', 'database.path'],
  },
  {
    field: configFields.url,
    replaced: ['database.url', 'database.host', 'database.port', 'database.name', 'database.path'],
  },
  { field: configFields.host, replaced: ['database.host', 'database.url'] },
  { field: configFields.port, replaced: ['database.port', 'database.url'] },
  { field: configFields.name, replaced: ['database.name', 'database.url'] },
  // libpq connects to this address, whatever host is named.
  { field: { env: 'PGHOSTADDR' }, replaced: ['database.host', 'database.url'] },
] as const satisfies readonly { field: { env: string }; replaced: readonly FieldPath[] }[];

/** Variables that would lead an environment to another database than its own section names. */
export function findMisleading(values: ReadonlyMap<FieldPath, WrittenValue>, env: Environment): Problem[] {
  return targets.flatMap(({ field, replaced }) => {
    const text = env[field.env];
    const isSame =
      field === configFields.driver && text === (values.get('database.driver')?.text ?? 'postgres');
    const own = replaced.map((path) => values.get(path)).find((value) => value && isOther(value, text));
    if (!text || !own || isSame) return [];
    return [
      {
        message: `the variable ${field.env} would override \`${own.path}\``,
        location: own.location,
        help: `Unset ${field.env}, or remove the setting from this environment.`,
      },
    ];
  });
}

function isOther({ path, text }: WrittenValue, variable: string | undefined): boolean {
  return path.startsWith('environments.') && text !== variable;
}
