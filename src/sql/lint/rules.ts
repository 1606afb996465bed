/** All rules, by their ids. */

import type { Rule } from './rule.js';
import { createIndexNotConcurrent } from './rules/create-index-not-concurrent.js';

export const rules: readonly Rule[] = [createIndexNotConcurrent];
