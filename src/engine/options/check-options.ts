/** Checks the options of `createKat` and `loadKat` as strictly as the configuration file. */

import type { LoadConfigOptions } from '../../project/config/config.js';
import { checksumPolicies, type FieldName, upLintPolicies } from '../../project/config/config-names.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import { checkMigrationTexts, migrationsKind } from './check-bundle.js';
import { checkDatabase } from './check-database.js';
import { checkFields, refuse, type Shape } from './check-fields.js';
import {
  callback,
  choice,
  filledText,
  flag,
  isObject,
  jobs,
  milliseconds,
  millisecondsFrom,
  objectWith,
  recordOf,
  signal,
  text,
  texts,
  type ValueKind,
  whole,
} from './value-kinds.js';

const anyObject: ValueKind = { expected: 'an object', accepts: isObject };
/** Checked by itself. */
const anything: ValueKind = { expected: 'a database', accepts: () => true };

const common = {
  onEvent: callback,
  logger: objectWith(['debug', 'info', 'warn', 'error']),
  signal,
};

/** The kinds of the options of `createKat`. */
export const createShape = {
  migrations: migrationsKind,
  database: anything,
  tableName: filledText,
  environment: filledText,
  checksums: choice(checksumPolicies),
  driftIgnore: texts,
  verifyServerVersion: whole(12, 99),
  lint: anyObject,
  lockWaitMs: milliseconds,
  leaseMs: millisecondsFrom(1_000),
  lockTimeoutMs: milliseconds,
  statementTimeoutMs: milliseconds,
  retryForMs: milliseconds,
  maxBlockMs: milliseconds,
  maxBlockedSessions: whole(1, 2_147_483_647),
  jobs,
  ...common,
};

const lintShape: Shape<LintPolicy> = {
  serverVersion: whole(12, 99),
  startAfter: text,
  rules: recordOf(choice(['error', 'warning', 'info', 'off'])),
  onUp: choice(upLintPolicies),
};

/** The kinds of the options of `loadKat`. */
export const loadShape = {
  file: filledText,
  cwd: filledText,
  env: anyObject,
  environment: filledText,
  flags: anyObject,
  isOffline: flag,
  ...common,
};

const flagKind: ValueKind = {
  expected: 'a string, a number, or true or false',
  accepts: (value) => ['string', 'number', 'boolean'].includes(typeof value),
};

/**
 * @param shape the kind of each option.
 * @throws KatError CONFIG_INVALID with everything that is wrong; USAGE for a connection that Kat does not know.
 */
export function checkCreateOptions<T extends { migrations: unknown; database: unknown; lint?: unknown }>(
  options: T,
  shape: Shape<T>,
): void {
  refuse('CONFIG_INVALID', checkFields({ name: 'createKat', value: options }, shape, ['migrations']));
  const { migrations, database, lint = {} } = options;
  refuse('CONFIG_INVALID', [
    ...checkMigrationTexts(migrations),
    ...checkDatabase(database),
    ...checkFields({ name: 'lint', value: lint }, lintShape),
  ]);
}

/**
 * @param shape the kind of each option.
 * @param flagNames the settings that flags may override.
 * @throws KatError CONFIG_INVALID with everything that is wrong.
 */
export function checkLoadOptions<T extends LoadConfigOptions>(
  options: T,
  shape: Shape<T>,
  flagNames: readonly FieldName[],
): void {
  refuse('CONFIG_INVALID', checkFields({ name: 'loadKat', value: options }, shape, ['cwd', 'env']));
  const { flags = {} } = options;
  const flagShape = Object.fromEntries(flagNames.map((name) => [name, flagKind]));
  refuse('CONFIG_INVALID', checkFields({ name: 'flags', value: flags }, flagShape));
}
