/** Finds settings in kat.conf.yaml, and variables beside them, that can't all be meant. */

import type { Problem } from '../../errors.js';
import { configFields, type FieldPath } from './config-fields.js';
import type { Environment } from './config-names.js';
import type { WrittenValue } from './written-value.js';

type Values = ReadonlyMap<FieldPath, WrittenValue>;

/** The fields that a URL takes the place of. */
export const fieldsOfUrl = [
  'database.user',
  'database.password',
  'database.host',
  'database.port',
  'database.name',
  'database.sslmode',
] as const satisfies readonly FieldPath[];

/** Settings of one driver beside another, and a URL beside the single fields that it takes the place of. */
export function findContradictions(written: Values): Problem[] {
  const values: Values = new Map([...written].filter(([, { text }]) => text !== ''));
  const driver = values.get('database.driver')?.text ?? 'postgres';
  if (isEmbedded(driver))
    return (['database.url', ...fieldsOfUrl] as const).flatMap((path) => misfit(values, path));
  if (driver === 'postgres') return [...misfit(values, 'database.path'), ...doubleAddress(values)];
  return [];
}

function isEmbedded(driver: string | undefined): boolean {
  return driver !== undefined && ['pglite', 'sqlite', 'sqlite3'].includes(driver);
}

/** Variables that name a server beside a driver without one: the run would go to a file, and look as if it went to the server. */
export function findServerVariables(written: Values, env: Environment): Problem[] {
  const driver = written.get('database.driver');
  if (!driver || !isEmbedded(driver.text) || env[configFields.driver.env]) return [];
  return [configFields.url, configFields.host, configFields.name]
    .filter(({ env: name }) => env[name]?.trim())
    .map(({ env: name }) => ({
      message: `the variable ${name} names a server, but \`${driver.path}\` is ${driver.text}`,
      location: driver.location,
      help: `Unset ${name}. Or set ${configFields.driver.env} to postgres, or write \`driver: postgres\`, to use the server.`,
    }));
}

function misfit(values: Values, path: FieldPath): Problem[] {
  const value = values.get(path);
  if (!value) return [];
  const driver = values.get('database.driver');
  const [owner, others] = path === 'database.path' ? ['pglite', ' and sqlite'] : ['postgres', ''];
  const actual = driver ? `${driver.text} (line ${driver.location.line})` : 'postgres, as none is named';
  return [
    {
      message: `\`${value.path}\` belongs to the ${others ? 'drivers' : 'driver'} ${owner}${others}, but the driver is ${actual}`,
      location: value.location,
      help: `Delete the line, or write \`driver: ${owner}\`.`,
    },
  ];
}

function doubleAddress(values: Values): Problem[] {
  const url = values.get('database.url');
  if (!url) return [];
  const singles = fieldsOfUrl.flatMap((path) => {
    const value = values.get(path);
    return value ? [`\`${value.path}\` (line ${value.location.line})`] : [];
  });
  if (singles.length === 0) return [];
  return [
    {
      message: `\`${url.path}\` (line ${url.location.line}) and ${singles.join(', ')} set the same value twice`,
      location: url.location,
      help: 'Keep the URL or the single fields; environment variables such as KAT_DB_NAME may override parts of a URL.',
    },
  ];
}
