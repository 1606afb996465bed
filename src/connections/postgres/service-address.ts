/** Finds a service file that would lead away from a host. */

import type { DatabaseSettings } from '../driver.js';
import { ownParameters, serviceOf } from './libpq.js';
import { loadService } from './service-file.js';

/** An address that a service gives to a host which the settings name. */
export interface ServiceAddress {
  service: string;
  address: string;
  /** The host of the settings. */
  host: string;
}

/**
 * libpq connects to the address of a service, whatever host is named.
 * @returns undefined where no service does so.
 * @throws KatError CONFIG_INVALID for a URL, or a service that no file has.
 */
export function findServiceAddress(
  settings: DatabaseSettings,
  env: NodeJS.ProcessEnv,
): ServiceAddress | undefined {
  const { host, hostaddr, ...own } = ownParameters(settings);
  const service = serviceOf(own, env);
  if (!service || host === undefined || hostaddr !== undefined) return undefined;
  const address = loadService(service, env).hostaddr;
  return address === undefined || address === host ? undefined : { service, address, host };
}
