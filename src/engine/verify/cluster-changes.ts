/** Finds SQL that changes what all databases of a server share. */

import type { MigrationEffects } from '../../sql/effects/effect.js';
import type { ObjectKind } from '../../sql/syntax/object-id.js';

const sharedKinds: readonly ObjectKind[] = ['role', 'tablespace', 'database', 'parameter', 'subscription'];

/** @returns such as `changes the role app`; undefined when nothing shared is changed for certain. */
export function findClusterChange(texts: readonly MigrationEffects[]): string | undefined {
  const effect = texts
    .flatMap(({ effects }) => effects)
    .find(({ action, object }) => action !== 'use' && sharedKinds.includes(object.kind));
  return effect && `changes the ${effect.object.kind} ${effect.object.name}`;
}
