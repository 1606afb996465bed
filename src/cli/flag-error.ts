/** The error for flags and arguments that a command refuses by itself. */

import { KatError } from '../errors.js';
import type { CommandName } from './output/documents/document-of.js';

/** @returns a KatError USAGE whose help ends with the command's own help. */
export function flagError(command: CommandName, message: string, help: string): KatError {
  return new KatError('USAGE', message, { help: `${help} ${runHelp(command)}` });
}

export function runHelp(command: CommandName): string {
  return `Run \`kat ${command} --help\` to see its options.`;
}
