/** Refuses to apply migrations to a database that was changed by hand. */

import { KatError } from '../../errors.js';
import type { DriftResult } from './result.js';

/** More differences are only counted. */
const shown = 10;

/** @throws KatError SCHEMA_DRIFTED with the differences; STATE_UNKNOWN where an assumption may be wrong. */
export function refuseDrift({ differences, assumptions }: DriftResult): void {
  const [assumption] = assumptions;
  if (assumption)
    throw new KatError('STATE_UNKNOWN', `nothing was run: drift cannot be ruled out: ${assumption.reason}`, {
      help: 'Run `kat drift` to see what is known, or `kat up` without `--strict-drift`.',
    });
  if (differences.length === 0) return;
  const count = `${differences.length} difference${differences.length === 1 ? '' : 's'}`;
  throw new KatError(
    'SCHEMA_DRIFTED',
    `nothing was run: the database has ${count} from the schema of its applied migrations`,
    {
      help: 'Run `kat drift` to see the SQL that undoes or keeps each difference.',
      problems: differences.slice(0, shown).map(({ sentence }) => ({ message: sentence })),
    },
  );
}
