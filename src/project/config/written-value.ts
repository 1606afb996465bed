/** A setting's value as the configuration file has it. */

import type { SourceLocation } from '../../errors.js';

/** One value as the file has it, before variables are expanded. */
export interface WrittenValue {
  text: string;
  /** Whether it is text in YAML, in which variables are expanded. */
  isText: boolean;
  location: SourceLocation;
}
