/** Shared options of the commands that compare schemas. */

import type { CommandOption } from './command.js';
import { type FindingsFlags, findingsOptions } from './findings-options.js';

export interface CompareFlags extends Pick<FindingsFlags, 'format'> {
  ignore?: string[];
  on?: string;
  strictColumnOrder?: boolean;
}

export const compareOptions: readonly CommandOption[] = [
  {
    flags: '--ignore <pattern>',
    description: 'leave out objects with this qualified name, such as `cron.*`; repeat for more',
    isRepeatable: true,
  },
  {
    flags: '--on <place>',
    description:
      'where the throwaway database is: `pglite` (in memory), or the URL of a server (default: pglite)',
  },
  { flags: '--strict-column-order', description: 'also compare the order of columns' },
  ...findingsOptions.filter(({ flags }) => flags.startsWith('--format')),
];
