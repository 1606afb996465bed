/** Lists for each kind of alteration its effects on concurrent changes. */

import type { KeyAccess } from '../dependencies/access.js';
import type { Change, ChangeKind } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';

/**
 * `repeatable`: makes no difference the second time. `copied`: LIKE takes it over. `filling`: what rows get in a column that is
 * not named. `for others`: the owner of a table, who runs migrations, is not subject to it.
 */
type ChangeFact = 'repeatable' | 'copied' | 'filling' | 'for others';

const facts: Readonly<Record<ChangeKind, ChangeFact | undefined>> = {
  'access method': undefined,
  'all triggers': undefined,
  attributes: undefined,
  cluster: undefined,
  comment: 'copied',
  compression: undefined,
  contents: undefined,
  default: 'filling',
  'default privileges': undefined,
  'domain constraint': undefined,
  expression: 'filling',
  extension: undefined,
  family: undefined,
  firing: undefined,
  'forced row security': 'for others',
  identity: 'filling',
  index: 'copied',
  logging: undefined,
  members: 'repeatable',
  'not null': 'filling',
  'of type': undefined,
  options: undefined,
  owned: undefined,
  owner: undefined,
  privileges: 'repeatable',
  properties: undefined,
  reference: undefined,
  rename: undefined,
  'replica identity': undefined,
  'row security': 'for others',
  'security label': undefined,
  'set schema': undefined,
  settings: undefined,
  statistics: 'copied',
  'statistics target': 'copied',
  storage: undefined,
  'storage options': undefined,
  tablespace: undefined,
  type: undefined,
  validation: 'repeatable',
  version: undefined,
};

/** Whether that is so of the alteration. */
export function isChange({ change }: Partial<Effect> = {}, fact: ChangeFact): boolean {
  return change !== undefined && facts[change.kind] === fact;
}

export function isUniqueIndex(change: Change | undefined): boolean {
  return change?.kind === 'index' && change.isUnique;
}

/** Whether a column loses its default with the function or sequence that this used. */
export function isLostDefault({ effect }: KeyAccess): boolean {
  return effect?.change?.kind === 'default' && effect.isImplicit === true;
}
