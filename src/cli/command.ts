/** Defines a command: the only source of its parsing, its help and its page in the docs. */

import type { Context, Outcome } from './context.js';
import type { CommandName } from './output/documents/document-of.js';

export interface CommandOption {
  /** Such as `-n, --count <number>`; a value that may be left out follows `=`, as in `--wait[=duration]`. */
  flags: string;
  description: string;
  /** The environment variable that replaces the flag. */
  env?: string;
  default?: string | number;
  choices?: readonly string[];
  /** Words among other values, for completion. */
  suggestions?: readonly string[];
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
  /** Follows the command's summary in `--help` and the docs. */
  description: string;
  /** As commander writes it: `<name>`, `[migration]`, `[migrations...]`. */
  arguments?: readonly ({ name: string } & Pick<CommandOption, 'description' | 'choices' | 'suggestions'>)[];
  options: readonly CommandOption[];
  examples: readonly [Example, ...Example[]];
  /** @param operands values of the arguments; values of a last repeatable argument are spread. */
  run(context: Context, options: Options, operands: readonly string[]): Promise<Outcome<Name>>;
}

/** A command as lists of commands have it. */
export interface CommandTitle {
  name: CommandName;
  summary: string;
}

/** A command with all that its help says. */
export type ListedCommand = CommandSpec & CommandTitle;

/** All commands, for those commands that speak of others. */
export interface CommandIndex {
  titles: readonly CommandTitle[];
  /** Loads the named ones of them, or all. */
  load(names?: readonly CommandName[]): Promise<readonly ListedCommand[]>;
}
