/** Finds settings in kat.conf.yaml that can't all be meant. */

import type { Problem } from '../../errors.js';
import type { FieldPath } from './config-fields.js';
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
  if (['pglite', 'sqlite', 'sqlite3'].includes(driver))
    return (['database.url', ...fieldsOfUrl] as const).flatMap((path) => misfit(values, path));
  if (driver === 'postgres') return [...misfit(values, 'database.path'), ...doubleAddress(values)];
  return [];
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
