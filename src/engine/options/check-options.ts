/** Checks the options of `createKat` and `loadKat` as strictly as the configuration file. */

import type { LoadConfigOptions } from '../../project/config/config.js';
import { checksumPolicies, type FieldName, upLintPolicies } from '../../project/config/config-names.js';
import type { KatOptions } from '../kat.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import { checkDatabase } from './check-database.js';
import { checkFields, refuse, type Shape } from './check-fields.js';
import {
  callback,
  choice,
  filledText,
  flag,
  isObject,
  milliseconds,
  objectWith,
  recordOf,
  signal,
  text,
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

const createShape: Shape<KatOptions> = {
  migrations: filledText,
  database: anything,
  tableName: filledText,
  checksums: choice(checksumPolicies),
  lint: anyObject,
  lockWaitMs: milliseconds,
  lockTimeoutMs: milliseconds,
  statementTimeoutMs: milliseconds,
  retryForMs: milliseconds,
  ...common,
};

const lintShape: Shape<LintPolicy> = {
  serverVersion: whole(12, 99),
  startAfter: text,
  rules: recordOf(choice(['error', 'warning', 'info', 'off'])),
  onUp: choice(upLintPolicies),
};

const loadShape: Shape<LoadConfigOptions & Pick<KatOptions, 'onEvent' | 'logger' | 'signal'>> = {
  file: filledText,
  cwd: filledText,
  env: anyObject,
  flags: anyObject,
  isOffline: flag,
  ...common,
};

const flagKind: ValueKind = {
  expected: 'a string, a number, or true or false',
  accepts: (value) => ['string', 'number', 'boolean'].includes(typeof value),
};

/** @throws KatError CONFIG_INVALID with everything that is wrong; USAGE for a connection that Kat does not know. */
export function checkCreateOptions(options: unknown): asserts options is KatOptions {
  refuse('CONFIG_INVALID', checkFields({ name: 'createKat', value: options }, createShape, ['migrations']));
  const { database, lint = {} } = options as KatOptions;
  refuse('CONFIG_INVALID', [
    ...checkDatabase(database),
    ...checkFields({ name: 'lint', value: lint }, lintShape),
  ]);
}

/**
 * @param flagNames the settings that flags may override.
 * @throws KatError CONFIG_INVALID with everything that is wrong.
 */
export function checkLoadOptions(options: unknown, flagNames: readonly FieldName[]): void {
  refuse('CONFIG_INVALID', checkFields({ name: 'loadKat', value: options }, loadShape, ['cwd', 'env']));
  const { flags = {} } = options as LoadConfigOptions;
  const shape = Object.fromEntries(flagNames.map((name) => [name, flagKind]));
  refuse('CONFIG_INVALID', checkFields({ name: 'flags', value: flags }, shape));
}
