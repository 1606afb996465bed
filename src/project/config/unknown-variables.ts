/** Finds variables that look like settings of the database or the migrations, and are none: what they name would not be used. */

import type { Problem } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import { fieldList } from './config-fields.js';
import type { Environment } from './config-names.js';

const lookedLike = /^KAT_(?:DB|DATABASE|DRIVER|MIGRATIONS?|URL)(?:_|$)/;

/** Kubernetes sets these for a service with the name `kat-db`. */
const ofService = /_SERVICE_(?:HOST|PORT)|_PORT_\d+_/;

/** Empty ones were not meant for anything. */
export function findUnknownVariables(env: Environment): Problem[] {
  const known: string[] = fieldList.flatMap((field) => field.env ?? []);
  return Object.keys(env)
    .filter((name) => lookedLike.test(name) && !ofService.test(name) && !known.includes(name) && env[name])
    .map((name) => {
      const [meant] = nearest(name, known, 1);
      return {
        message: `${name} is no variable of Kat, and changes nothing`,
        help:
          meant === undefined
            ? `The variables for the database are KAT_MIGRATION_DATABASE_URL and KAT_DB_NAME, _HOST, _PORT, _USER and _PASSWORD.`
            : `Did you mean ${meant}?`,
      };
    });
}
