/** Starts a project: a commented configuration file and an empty migrations folder. */

import { checkAddress } from '../../connections/postgres/check-address.js';
import { parseDatabaseUrl } from '../../connections/postgres/url.js';
import { KatError } from '../../errors.js';
import type { ConfigFlags } from '../../project/config/config.js';
import { type ConfigPlace, findConfigPath } from '../../project/config/config-place.js';
import { referredVariable } from '../../project/config/expand.js';
import { type WrittenConfig, writeConfig } from '../../project/config/write-config.js';
import { parseTableName } from '../ledger/table-name.js';

/**
 * @param place where the configuration file is to be.
 * @param values of its settings; the others get the values that `kat init` promises, or stay comments.
 * @throws KatError ALREADY_INITIALIZED, USAGE, CONFIG_INVALID or FILES_INVALID; nothing is left behind then. What it
 *   takes is taken by the other commands, too.
 */
export function initProject(place: ConfigPlace, values: ConfigFlags = {}): WrittenConfig {
  checkValues(values);
  return writeConfig(findConfigPath(place), values);
}

function checkValues(values: ConfigFlags): void {
  const { tableName, url, host, user, name, password: _password, ...others } = values;
  for (const [setting, value] of Object.entries({ tableName, url, host, user, name, ...others })) {
    if (value !== undefined) checkText(setting, String(value));
  }
  if (tableName !== undefined) parseTableName(String(tableName));
  if (url !== undefined && !referredVariable(String(url))) checkAddress(parseDatabaseUrl(String(url)));
  const given = Object.entries({ host, user, dbname: name }).filter(([, value]) => value !== undefined);
  checkAddress(Object.fromEntries(given.map(([keyword, value]) => [keyword, String(value)])));
}

function checkText(setting: string, value: string): void {
  const isEmpty = value.trim() === '';
  if (!isEmpty && !/\p{Cc}/u.test(value.trim())) return;
  throw new KatError(
    'USAGE',
    `the value of ${setting} ${isEmpty ? 'is empty' : 'contains a control character'}`,
    {
      help: 'Correct the flag or its environment variable, or leave it out.',
    },
  );
}
