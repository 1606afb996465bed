/** The state of the linter while it reads one migration. */

import type { Schema } from '../schema/schema.js';
import type { Parser } from '../syntax/parse.js';
import type { LintSetting } from './finding.js';
import type { History } from './history.js';

/** What a migration is read with. */
export interface Reading {
  parser: Parser;
  setting: LintSetting;
  schema: Schema;
  history: History;
}
