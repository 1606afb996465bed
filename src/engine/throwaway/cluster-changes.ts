/** Finds SQL that changes what all databases of a server share. */

import { KatError } from '../../errors.js';
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

/** @throws KatError USAGE for SQL that would change more of the server than the throwaway database. @param name of the text */
export function refuseClusterChange(name: string, text: MigrationEffects): void {
  const change = findClusterChange([text]);
  if (change === undefined) return;
  throw new KatError('USAGE', `${name} ${change}, which all databases of the server share`, {
    help: 'Kat executes this only in memory, with `--on pglite`.',
  });
}
