/** Shared options of the commands that compare schemas. */

import type { CommandOption } from './command.js';
import { type FindingsFlags, findingsOptions } from './findings-options.js';
import { throwawayOption } from './throwaway-option.js';

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
  throwawayOption,
  { flags: '--strict-column-order', description: 'also compare the order of columns' },
  ...findingsOptions.filter(({ flags }) => flags.startsWith('--format')),
];
