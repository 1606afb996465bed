/** The shape of kat.conf.yaml, made from the list of its settings. */

import * as v from 'valibot';
import { fieldList } from './config-fields.js';

export const sectionFacts: Record<string, { title: string; description: string }> = {
  lint: { title: 'Lint', description: 'Rules of the linter and their severities.' },
  verify: { title: 'Verify', description: 'Throwaway databases and comparisons of schemas.' },
  migration: { title: 'Migrations', description: 'Where migrations are and where Kat records them.' },
  database: { title: 'Database', description: 'Which database the migrations run on, and how to reach it.' },
};

/** The name of an environment, such as `production`. */
const environmentName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z][\w-]*$/,
    'must be a name of letters, digits, hyphens and underscores that begins with a letter',
  ),
);

const environmentSchema = v.strictObject({
  protected: v.pipe(
    v.optional(v.boolean('must be true or false')),
    v.description('Whether commands ask for confirmation before they change the database.'),
  ),
  ...sectionEntries(),
  ...entriesUnder(''),
});

const environmentsSchema = v.pipe(
  v.nullish(v.record(environmentName, environmentSchema, 'must hold a section for each environment')),
  v.title('Environments'),
  v.description(
    'Settings of each environment, chosen by --env or KAT_ENV. They override those at the top level; `database` replaces that section as a whole.',
  ),
);

/** `kat.conf.yaml` as it is written, before variables are expanded. */
export const configSchema = v.pipe(
  v.strictObject({ ...sectionEntries(), environments: environmentsSchema, ...entriesUnder('') }),
  v.title('kat.conf.yaml'),
  v.description(`Settings of Kat. Text may hold \${VAR}, $VAR and \${VAR:-default}; $$ is a dollar.`),
);

const sectionKeys = Object.keys(sectionFacts).map(
  (section) => [section, Object.keys(entriesUnder(section))] as const,
);
const environmentKeys = Object.keys(environmentSchema.entries);

/** Every key that the file may have, apart from the names of environments. */
export const configKeys: ReadonlySet<string> = new Set([
  ...Object.keys(configSchema.entries),
  ...environmentKeys,
  ...sectionKeys.flatMap(([, keys]) => keys),
]);

/** Which keys each section of a file has; the top level is the section ''. @param environments their names in the file */
export function keysBySection(environments: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const nested = environments.flatMap((name) => [
    [`environments.${name}`, environmentKeys] as const,
    ...sectionKeys.map(([section, keys]) => [`environments.${name}.${section}`, keys] as const),
  ]);
  return Object.fromEntries([['', Object.keys(configSchema.entries)], ...sectionKeys, ...nested]);
}

export function isEnvironmentName(name: string): boolean {
  return v.is(environmentName, name);
}

function sectionEntries(): Record<string, v.GenericSchema> {
  return Object.fromEntries(
    Object.entries(sectionFacts).map(([section, { title, description }]) => [
      section,
      v.pipe(v.nullish(v.strictObject(entriesUnder(section))), v.title(title), v.description(description)),
    ]),
  );
}

function entriesUnder(section: string): Record<string, v.GenericSchema> {
  const prefix = section === '' ? '' : `${section}.`;
  const inside = fieldList.filter(
    ({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'),
  );
  return Object.fromEntries(
    inside.map((item) => [
      item.path.slice(prefix.length),
      v.pipe(
        v.optional(item.written, item.default as null),
        v.description(item.description),
        v.examples([item.example]),
      ),
    ]),
  );
}
