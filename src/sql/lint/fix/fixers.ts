/** Maps rules to their fixes. */

import type { Parser } from '../../syntax/parse.js';
import { withoutLastComments } from '../sql-words.js';
import { keyFromIndex, notNullByCheck, validateApart, validateLater } from './fix-constraints.js';
import { indexKey } from './fix-foreign-keys.js';
import {
  createConcurrently,
  detachConcurrently,
  dropConcurrently,
  outsideOfTransaction,
  reindexConcurrently,
} from './fix-indexes.js';
import { splitFirst } from './split-commands.js';
import type { Fixer } from './statement-fix.js';

/** By rule. */
export function createFixers(parser: Parser): ReadonlyMap<string, Fixer> {
  const split = (next: Fixer) => splitFirst(parser, next);
  const fixers: [rule: string, fixer: Fixer][] = [
    ['add-check-validated', split(validateLater)],
    ['add-foreign-key-validated', split(validateLater)],
    ['add-unique-without-index', split(keyFromIndex)],
    ['concurrent-index-if-not-exists', createConcurrently],
    ['create-index-not-concurrent', createConcurrently],
    ['detach-partition-blocking', split(detachConcurrently)],
    ['drop-index-not-concurrent', dropConcurrently],
    ['foreign-key-without-index', split(indexKey)],
    ['needs-no-transaction', outsideOfTransaction],
    ['reindex-not-concurrent', reindexConcurrently],
    ['set-not-null-scan', split(notNullByCheck)],
    ['validate-in-same-transaction', split(validateApart)],
  ];
  return new Map(fixers.map(([rule, fixer]) => [rule, withoutComments(fixer)]));
}

/** Comments at the end of a statement belong to its text, and would swallow what a fix writes behind it. */
function withoutComments(fixer: Fixer): Fixer {
  return (statement, at) => fixer({ ...statement, text: withoutLastComments(statement.text) }, at);
}
