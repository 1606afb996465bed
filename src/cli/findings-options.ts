/** Shared options of the commands that report findings: output format and exit code. */

import type { CommandOption } from './command.js';

export interface FindingsFlags {
  strict?: boolean;
  format: 'text' | 'json' | 'github' | 'sarif';
}

export const findingsOptions: readonly CommandOption[] = [
  { flags: '--strict', description: 'exit with code 3 for warnings as well' },
  {
    flags: '--format <format>',
    description: 'how to print the findings; `json` is `--json`',
    choices: ['text', 'json', 'github', 'sarif'],
    default: 'text',
  },
];

/** The exit code. */
export function findingsExitCode({ isValid }: { isValid: boolean }): number {
  return isValid ? 0 : 3;
}
