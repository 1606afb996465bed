/** Starts a project: a commented configuration file and an empty migrations folder. */

import { type ConfigFlags, type ConfigPlace, findConfigPath } from '../../project/config/config.js';
import { type WrittenConfig, writeConfig } from '../../project/config/write-config.js';

/**
 * @param place where the configuration file is to be.
 * @param values of its settings; the others get the values that `kat init` promises, or stay comments.
 * @throws KatError ALREADY_INITIALIZED, USAGE or FILES_INVALID; nothing is left behind then.
 */
export function initProject(place: ConfigPlace, values: ConfigFlags = {}): WrittenConfig {
  return writeConfig(findConfigPath(place), values);
}
