/** Tells which objects `GRANT … ON ALL TABLES` and its like mean. */

import type { ObjectKind } from '../syntax/object-id.js';
import type { PrivilegeGroup } from './change.js';
import type { Effect } from './effect.js';

type GroupMember = Pick<Effect, 'object' | 'isProcedure' | 'isImplicit'>;

/** Whether the object is one of those that a statement means by ALL. */
export function isOfGroup(effect: GroupMember, group: PrivilegeGroup): boolean {
  const isOther = group === (effect.isProcedure ? 'functions' : 'procedures');
  // The types of rows and arrays have no privileges of their own (TypeCreate).
  const isDependent = group === 'types' && effect.isImplicit === true;
  // A composite type is a relation, and no table.
  const isType = effect.isImplicit === true && effect.object.kind === 'relation';
  return !isOther && !isDependent && !isType && members[group].includes(effect.object.kind);
}

const members: Readonly<Record<PrivilegeGroup, readonly ObjectKind[]>> = {
  tables: ['table', 'view', 'materialized view', 'foreign table', 'relation'],
  sequences: ['sequence'],
  functions: ['function', 'aggregate'],
  procedures: ['function'],
  routines: ['function', 'aggregate'],
  types: ['type', 'domain'],
  schemas: ['schema'],
  'large objects': ['large object'],
};
