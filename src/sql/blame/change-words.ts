/** Formats what a statement does to an object as words. */

import { describeObject } from '../dependencies/keys.js';
import type { Change, ChangeKind } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';
import type { ObjectId } from '../syntax/object-id.js';

/** Such as `renames column people.mail to email`. */
export function wordsOfChange({ action, object, change, to, isReplacement, isCascade }: Effect): string {
  const what = describeObject(object);
  if (action === 'create') return `${isReplacement ? 'creates or replaces' : 'creates'} ${what}`;
  if (action === 'drop') return `drops ${what}${isCascade ? ' with CASCADE' : ''}`;
  return change ? describeChange(change, what, to) : `alters ${what}`;
}

function describeChange(change: Change, what: string, to: ObjectId | undefined): string {
  if (change.kind === 'rename' && to) return `renames ${what} to ${to.name}`;
  if (change.kind === 'set schema' && to) return `moves ${what} to schema ${to.schema ?? ''}`;
  if (change.kind === 'family' && to) {
    const verb = change.isAdded ? 'attaches' : 'detaches';
    return `${verb} ${describeObject(to)} ${change.isAdded ? 'to' : 'from'} ${what}`;
  }
  return `${verbOf(change)} ${nouns[change.kind]} ${what}`;
}

function verbOf(change: Change): string {
  if ('isOn' in change) return change.isOn ? 'sets' : 'removes';
  if (change.kind === 'privileges') return change.isGrant ? 'grants' : 'revokes';
  if (change.kind === 'identity') return change.verb === 'set' ? 'changes' : `${change.verb}s`;
  return 'changes';
}

const nouns: Readonly<Record<ChangeKind, string>> = {
  'access method': 'the access method of',
  'all triggers': 'the firing of all triggers of',
  attributes: 'the attributes of',
  cluster: 'the clustering index of',
  comment: 'the comment on',
  compression: 'the compression of',
  contents: 'the members of',
  default: 'the default of',
  'default privileges': 'default privileges,',
  'domain constraint': 'a constraint of',
  expression: 'the expression of',
  extension: 'the extension of',
  family: 'the children of',
  firing: 'the firing of',
  'forced row security': 'forced row security of',
  identity: 'the identity of',
  index: 'an index of',
  logging: 'logging of',
  members: 'the members of',
  'not null': 'NOT NULL of',
  'of type': 'the type of',
  options: 'the options of',
  owned: 'everything that belongs to',
  owner: 'the owner of',
  privileges: 'privileges on',
  properties: 'the properties of',
  reference: 'a foreign key to',
  rename: 'the name of',
  'replica identity': 'the replica identity of',
  'row security': 'row security of',
  'security label': 'the security label of',
  'set schema': 'the schema of',
  settings: 'the settings of',
  statistics: 'the statistics of',
  'statistics target': 'the statistics target of',
  storage: 'the storage of',
  'storage options': 'the storage options of',
  tablespace: 'the tablespace of',
  type: 'the type of',
  validation: 'the validation of',
  version: 'the version of',
};
