/** A setting's value as the configuration file has it. */

import type { SourceLocation } from '../../errors.js';

/** One value as the file has it, before variables are expanded. */
export interface WrittenValue {
  /** Its place in the file: `database.name`, or `environments.dev.database.name`. */
  path: string;
  text: string;
  /** Whether it is text in YAML, in which variables are expanded. */
  isText: boolean;
  /** Whether a module computed it, often from an environment variable. */
  isComputed: boolean;
  location: SourceLocation;
}
