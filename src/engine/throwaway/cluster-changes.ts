/** Finds SQL that changes what all databases of a server share. */

import { KatError } from '../../errors.js';
import type { MigrationEffects } from '../../sql/effects/effect.js';
import type { ObjectKind } from '../../sql/syntax/object-id.js';

const sharedKinds: readonly ObjectKind[] = ['role', 'tablespace', 'database', 'parameter', 'subscription'];

/**
 * Each statement that changes what is shared has one of these words. Behind the others, behind a backslash, and where a literal goes on in
 * the next line, such a word may be written in another way.
 */
const sharedWords =
  /\b(?:role|user|group|grant|revoke|owned|tablespace|database|parameter|subscription|system|execute|uescape)\b|\\|'[ \t\f\v]*(?:--.*)?$/im;

/** Much faster than to read the effects. @returns false for SQL of which `describeClusterChange` would tell nothing. */
export function mayChangeCluster(sql: string): boolean {
  return sharedWords.test(sql);
}

/**
 * @param name of the text
 * @returns such as `1_roles changes the role app, which …`; undefined when nothing shared is changed for certain.
 */
export function findClusterChange(name: string, text: MigrationEffects): string | undefined {
  const change = describeClusterChange([text]);
  return change && sayClusterChange(name, change);
}

/** @param change as `describeClusterChange` tells it. */
export function sayClusterChange(name: string, change: string): string {
  return `${name} ${change}, which all databases of the server share`;
}

/** @returns such as `changes the role app`; undefined when nothing shared is changed for certain. */
export function describeClusterChange(texts: readonly MigrationEffects[]): string | undefined {
  const effect = texts
    .flatMap(({ effects }) => effects)
    .find(({ action, object }) => action !== 'use' && sharedKinds.includes(object.kind));
  return effect && `changes the ${effect.object.kind} ${effect.object.name}`;
}

/** @throws KatError USAGE for SQL that would change more of the server than the throwaway database. @param change as it was found */
export function refuseClusterChange(change: string | undefined): void {
  if (change === undefined) return;
  throw new KatError('USAGE', change, {
    help: 'Kat executes this only in memory, or on a server of its own: `--on pglite` or `--on 16`.',
  });
}
