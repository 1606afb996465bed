/** The result of a comparison before it is reported. */

import type { ComparedSchemas } from './compare-schemas.js';
import type { DriftResult } from './result.js';

/** The result, with the SQL of all differences together. */
export interface FoundDrift extends DriftResult, Pick<ComparedSchemas, 'takeOver' | 'putBack'> {
  /** Ids. */
  appliedIds: readonly string[];
}
