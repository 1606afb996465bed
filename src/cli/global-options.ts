/** Flags that work before and after the command. */

import type { CommandOption } from './command.js';

export const globalOptions: readonly CommandOption[] = [
  { flags: '-c, --config <file>', description: 'the configuration file', env: 'KAT_CONFIG_FILE' },
  {
    flags: '--env <environment>',
    description: 'the environment, a section of `environments` in the configuration file [env: KAT_ENV]',
  },
  { flags: '-v, --verbose', description: 'show more detail [env: KAT_VERBOSE]' },
  { flags: '-q, --quiet', description: 'print only warnings, errors, and machine-readable output' },
  { flags: '--json', description: 'print one JSON document to stdout, and nothing else' },
  { flags: '--no-color', description: 'print without colours' },
];
