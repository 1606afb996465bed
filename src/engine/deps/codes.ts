/** Every kind of thing that `kat deps` may find, with its severity. */

import type { Severity } from '../../findings.js';

/** The stable words for what `kat deps` finds. */
export type DependencyCode = 'undeclared' | 'unknown' | 'redundant' | 'unneeded';

/** How much each kind matters; guesses count one less. */
export const dependencySeverities: Readonly<Record<DependencyCode, Severity>> = {
  undeclared: 'error',
  unknown: 'warning',
  redundant: 'info',
  unneeded: 'info',
};
