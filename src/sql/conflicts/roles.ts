/** Says in one word what a touch does to the object whose key it touches. */

import type { Touch } from '../dependencies/touches.js';
import { keyOf } from '../effects/object-key.js';

/** `value`: adds or renames a value of an enum. `rename`: takes the name away. */
export type Role = 'create' | 'drop' | 'rename' | 'alter' | 'value' | 'use';

const roles: Readonly<Record<string, Role>> = {
  creates: 'create',
  provides: 'create',
  drops: 'drop',
  'drops and creates again': 'create',
  renames: 'rename',
  moves: 'rename',
};

/** Whatever leaves the object as it is uses it. */
export function roleOf({ key, mode, verb, effect }: Touch): Role {
  if (mode !== 'write') return 'use';
  if (effect?.object.kind === 'enum value' && key.startsWith('type:')) return 'value';
  const role = roles[verb] ?? 'alter';
  return role === 'rename' && effect?.to && keyOf(effect.to) === key ? 'create' : role;
}

/** Whether the object itself is meant, and not something that it goes along with. */
export function isDirect({ key, effect }: Touch): boolean {
  return effect === undefined || keyOf(effect.object) === key;
}
