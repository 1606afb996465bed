/** Makes a Kat from settings, as the command line does. */

import { KatError } from '../errors.js';
import { present } from '../present.js';
import { type Config, type LoadConfigOptions, loadConfig } from '../project/config/config.js';
import { configFields } from '../project/config/config-fields.js';
import type { FieldName } from '../project/config/config-names.js';
import { createKat } from './kat.js';
import type { Kat } from './kat-api.js';
import type { KatOptions } from './kat-options.js';
import { checkLoadOptions, loadShape } from './options/check-options.js';

/**
 * Makes a Kat from `kat.conf.yaml` or `kat.config.ts`, environment variables and flags, as the command line does.
 * @throws KatError CONFIG_INVALID.
 */
export async function loadKat(
  options: LoadConfigOptions & Pick<KatOptions, 'onEvent' | 'logger' | 'signal'>,
): Promise<{ kat: Kat; config: Config }> {
  checkLoadOptions(options, loadShape, Object.keys(configFields) as FieldName[]);
  const { onEvent, logger, signal, ...source } = options;
  const config = await loadConfig(source);
  if (!source.isOffline) await refuseServiceAddress(config);
  const kat = createKat({
    migrations: config.migration.directory,
    tableName: config.migration.tableName,
    checksums: config.migration.checksums,
    database: config.database,
    lint: config.lint,
    driftIgnore: config.verify.ignore,
    ...config.waits,
    jobs: config.migration.jobs,
    ...present({ environment: config.environment, verifyServerVersion: config.verify.serverVersion }),
    ...present({ onEvent, logger, signal }),
  });
  return { kat, config };
}

/** An environment's name leads to one database: a service must not replace the address of its host. */
async function refuseServiceAddress({ environment, database }: Config): Promise<void> {
  const { url = '', driver } = database;
  const mayHaveService = process.env.PGSERVICE || url.includes('service');
  if (environment === undefined || driver !== 'postgres' || !mayHaveService) return;
  const { findServiceAddress } = await import('../connections/postgres/service-address.js');
  const found = findServiceAddress(database, process.env);
  if (!found) return;
  const { service, address, host } = found;
  throw new KatError(
    'CONFIG_INVALID',
    `\`hostaddr\` of the service ${JSON.stringify(service)} would lead the environment ${environment} from ${host} to ${address}`,
    { help: 'Unset PGSERVICE, or remove `hostaddr` from the service or the host from this environment.' },
  );
}
