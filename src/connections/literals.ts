/** Reads what a server says about its string literals. */

import type { Session } from './driver.js';

/** @param setting the value of `standard_conforming_strings`. */
export function literalsBy(setting: string | null | undefined): Session['literals'] {
  return setting === 'off' ? 'backslashes' : 'standard';
}
