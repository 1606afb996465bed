/** The locks that SET and RESET of storage parameters take. */

import type { AlterTableCmd } from '@pgsql/types';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { LockMode } from './impact.js';

/** Parameters that change how a relation is read or planned (reloptions.c); all others let writes go on. */
const heavyOptions: ReadonlySet<string> = new Set([
  'autosummarize',
  'buffering',
  'check_option',
  'fastupdate',
  'gin_pending_list_limit',
  'pages_per_range',
  'security_barrier',
  'security_invoker',
  'user_catalog_table',
]);

/** The lock of the strictest parameter. */
export function optionsLock({ def }: AlterTableCmd): LockMode {
  const names = nodesOf(nodeOf(def, 'List')?.items, 'DefElem').map(({ defname = '' }) => defname);
  return names.some((name) => heavyOptions.has(name)) ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
}
