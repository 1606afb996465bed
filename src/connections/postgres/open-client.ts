/** Opens a connection for programs: a `Client` of `pg`, reached as Kat reaches a database. */

import type { Client } from 'pg';
import type { DatabaseSettings } from '../driver.js';
import { connect } from './connect.js';
import { resolveTarget } from './libpq.js';

/** @throws ConnectionError; KatError CONFIG_INVALID when the settings make no sense. */
export async function openClient(settings: DatabaseSettings, applicationName: string): Promise<Client> {
  const { client } = await connect(resolveTarget(settings, process.env), applicationName);
  return client as unknown as Client;
}
