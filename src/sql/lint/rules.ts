/** All rules, by their ids. */

import type { Rule } from './rule.js';
import { broadGrant } from './rules/broad-grant.js';
import { createIndexNotConcurrent } from './rules/create-index-not-concurrent.js';
import { definerSearchPath } from './rules/definer-search-path.js';
import { disabledTrigger } from './rules/disabled-trigger.js';
import { downDropsMore } from './rules/down-drops-more.js';
import { dynamicSql } from './rules/dynamic-sql.js';
import { emptyDown } from './rules/empty-down.js';
import { emptyUp } from './rules/empty-up.js';
import { frozenNow } from './rules/frozen-now.js';
import { incompleteDown } from './rules/incomplete-down.js';
import { irreversibleStep } from './rules/irreversible-step.js';
import { longIdentifier } from './rules/long-identifier.js';
import { missingDown } from './rules/missing-down.js';
import { mixedNoTransaction } from './rules/mixed-no-transaction.js';
import { needlessNoTransaction } from './rules/needless-no-transaction.js';
import { needsNoTransaction } from './rules/needs-no-transaction.js';
import { noChar } from './rules/no-char.js';
import { noMoney } from './rules/no-money.js';
import { preferBigintKeys } from './rules/prefer-bigint-keys.js';
import { preferIdentity } from './rules/prefer-identity.js';
import { preferJsonb } from './rules/prefer-jsonb.js';
import { preferText } from './rules/prefer-text.js';
import { preferTimestamptz } from './rules/prefer-timestamptz.js';
import { qualifiedNames } from './rules/qualified-names.js';
import { tableWithoutPrimaryKey } from './rules/table-without-primary-key.js';
import { twoConcerns } from './rules/two-concerns.js';

export const rules: readonly Rule[] = [
  broadGrant,
  createIndexNotConcurrent,
  definerSearchPath,
  disabledTrigger,
  downDropsMore,
  dynamicSql,
  emptyDown,
  emptyUp,
  frozenNow,
  incompleteDown,
  irreversibleStep,
  longIdentifier,
  missingDown,
  mixedNoTransaction,
  needlessNoTransaction,
  needsNoTransaction,
  noChar,
  noMoney,
  preferBigintKeys,
  preferIdentity,
  preferJsonb,
  preferText,
  preferTimestamptz,
  qualifiedNames,
  tableWithoutPrimaryKey,
  twoConcerns,
];
