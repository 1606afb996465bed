/** A command's environment: output, input, and the signal that stops it. */

import type { CommandName, DocumentOf } from './output/documents/document-of.js';
import type { EventDocument } from './output/run/event-document.js';
import type { Style } from './output/style.js';

/** The flags that every command takes. */
export interface GlobalOptions {
  config?: string;
  env?: string;
  verbose?: boolean;
  quiet?: boolean;
  json?: boolean;
}

export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly global: GlobalOptions;
  /** Colours for stdout, or none. */
  readonly style: Style;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Writes text for people to stdout; nothing with `--quiet`, or with `--json`, whose document is all that stdout gets. */
  write(text: string): void;
  /** The same for advice on the next step, which only people at a terminal want. */
  advise(text: string): void;
  /** Has the next text of `write` begin with this line, which only people at a terminal want. */
  announce(line: string): void;
  /** The same for text that programs read, such as SQL: it is written as it is. */
  writeExact(text: string): void;
  /** Writes a line for programs to stdout, before the document: one of `--events`. */
  writeEvent(event: EventDocument): void;
  /** Writes a line for people to stderr. */
  warn(line: string): void;
  /** Says which environment the command works on: a line for people on stderr, a field of the document. */
  nameEnvironment(name: string): void;
  /**
   * Runs another command line in this process.
   * @throws KatError as that command does; USAGE where it is none, or asks for help.
   */
  runCommand(argv: readonly string[], context: Context): Promise<Outcome>;
  /** Whether `showProgress` shows anything: only on a terminal, and not with `--json` or `--quiet`. */
  readonly showsProgress: boolean;
  /** Shows lines that the next output replaces. */
  showProgress(text: string): void;
  /** Removes these lines. */
  clearProgress(): void;
}

/** The result of a command. */
export interface Outcome<Name extends CommandName = CommandName> {
  /** The JSON document of `--json`, without the fields that all documents share. */
  document: DocumentOf<Name>;
  /** Default 0. */
  exitCode?: number;
}
