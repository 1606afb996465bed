/** Defines a command: the only source of its parsing, its help and its page in the docs. */

import type { Context, Outcome } from './context.js';
import type { CommandName } from './output/document-of.js';

export interface CommandOption {
  /** As commander writes it: `-n, --count <number>`. */
  flags: string;
  description: string;
  /** The environment variable that replaces the flag. */
  env?: string;
  default?: string | number;
  choices?: readonly string[];
  isRepeatable?: boolean;
  isRequired?: boolean;
  /** Turns the text into a value. Throws an Error whose message completes "option '--x' is invalid. …". */
  parse?: (text: string) => unknown;
}

interface Example {
  command: string;
  explanation: string;
}

export interface CommandSpec<Name extends CommandName = CommandName, Options = Record<string, unknown>> {
  name: Name;
  summary: string;
  /** Further paragraphs for `--help` and the docs. */
  description: string;
  /** As commander writes it: `<name>`, `[migration]`, `[migrations...]`. */
  arguments?: readonly { name: string; description: string; choices?: readonly string[] }[];
  options: readonly CommandOption[];
  examples: readonly [Example, ...Example[]];
  /** @param operands values of the arguments; values of a last repeatable argument are spread. */
  run(context: Context, options: Options, operands: readonly string[]): Promise<Outcome<Name>>;
}
