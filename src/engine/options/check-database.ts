/** Checks what the library is given as the database: a URL, settings, or a connection of the caller's. */

import { borrowDriver } from '../../connections/open-connection.js';
import type { Problem } from '../../errors.js';
import type { DatabaseConfig } from '../../project/config/config.js';
import { driverNames, sslModes } from '../../project/config/config-names.js';
import { checkFields, type Shape } from './check-fields.js';
import { choice, describe, filledText, isObject, milliseconds, text, whole } from './value-kinds.js';

const settings: Shape<DatabaseConfig> = {
  driver: choice(driverNames),
  url: filledText,
  user: filledText,
  password: text,
  host: filledText,
  port: whole(1, 65_535),
  name: filledText,
  sslmode: choice(sslModes),
  path: filledText,
  connectTimeoutMs: milliseconds,
};

/** The settings of one driver, which mean nothing to the other. */
const ofDriver: Readonly<Record<string, readonly string[]>> = {
  postgres: ['url', 'user', 'password', 'host', 'port', 'name', 'sslmode'],
  pglite: ['path'],
  sqlite: ['path'],
};

/**
 * @returns everything that is wrong with it.
 * @throws KatError USAGE for a connection that Kat does not know.
 */
export function checkDatabase(database: unknown): Problem[] {
  if (typeof database === 'string') return filledText.accepts(database) ? [] : [wrongKind(database)];
  if (!isObject(database) || database instanceof URL) return [wrongKind(database)];
  if (!isSettings(database)) return checkConnection(database);
  const problems = checkFields({ name: 'database', value: database }, settings, ['driver']);
  return problems.length > 0 ? problems : findMisfits(database);
}

/** A connection is of a class of its own, with methods; settings are plain. */
function isSettings(database: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(database);
  return 'driver' in database || prototype === Object.prototype || prototype === null
    ? !('query' in database || 'execProtocol' in database)
    : false;
}

function checkConnection(database: object): Problem[] {
  borrowDriver(database as Parameters<typeof borrowDriver>[0]);
  return [];
}

function findMisfits(database: object): Problem[] {
  const driver: unknown = Reflect.get(database, 'driver');
  const other = driver === 'postgres' ? 'pglite' : 'postgres';
  const foreign = (ofDriver[other] ?? []).filter((key) => Reflect.get(database, key) !== undefined);
  return foreign.map((key) => ({
    message: `\`${key}\` of \`database\` belongs to the driver ${other}, but the driver is ${driver}`,
  }));
}

function wrongKind(database: unknown): Problem {
  return {
    message: `\`database\` must be a URL as a string, an object of settings or a connection, not ${describe(database)}`,
    help: "Pass such as 'postgres://user@host/name', { driver: 'pglite' }, a Client or Pool of pg, or a PGlite.",
  };
}
