/** An unlimited wait for a strong lock makes all later sessions queue behind it. */

import { blockedBy, withArticle } from '../../impact/impact.js';
import { settingsOf } from '../../postgres/settings-of.js';
import { nameText } from '../../schema/schema.js';
import { strongLocks } from '../held-locks.js';
import type { LintedStatement, Rule } from '../rule.js';

export const noLockTimeout: Rule = {
  id: 'no-lock-timeout',
  severity: 'warning',
  summary: 'a strong lock on a table in use without a lock timeout',
  checkMigration: ({ migration, transactions }) => {
    let isEndless = migration.lockTimeoutMs === 0;
    for (const statement of transactions.flat()) {
      isEndless = readTimeout(statement) ?? isEndless;
      const lock = isEndless ? strongLocks(statement, 'SHARE')[0] : undefined;
      if (!lock) continue;
      const table = nameText(lock.relation);
      return [
        {
          at: statement.start,
          message: `this waits for ${withArticle(lock.mode)} lock on ${table} without a time limit, and meanwhile blocks later ${blockedBy(lock.mode)}`,
          help: "Keep Kat's own lock_timeout, with which it tries again. Or write SET LOCAL lock_timeout = '5s' before it.",
        },
      ];
    }
    return [];
  },
};

/** Whether waiting has no end from this statement on; undefined when it does not change that. The server's own default is 0. */
function readTimeout({ node }: LintedStatement): boolean | undefined {
  const changed = settingsOf(node).findLast(
    ({ name, isReset }) => name === 'lock_timeout' || (!name && isReset),
  );
  if (!changed) return undefined;
  return changed.isReset || Number.parseFloat(changed.value ?? '') === 0;
}
