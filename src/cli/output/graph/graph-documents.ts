/** The JSON document of `kat graph`. */

import * as v from 'valibot';
import { dependencyReason } from '../documents/dependency-documents.js';

/** @param shapes the shapes of a place in a file, and of a migration's state */
export const graphFields = <Location extends v.GenericSchema, Status extends v.GenericSchema>({
  location,
  migrationStatus,
}: {
  location: Location;
  migrationStatus: Status;
}) => ({
  isOffline: v.pipe(
    v.boolean(),
    v.description('whether the database was not queried, or could not be reached'),
  ),
  total: v.pipe(v.number(), v.description('number of migrations in the whole graph')),
  migrations: v.pipe(
    v.array(
      v.strictObject({
        id: v.string(),
        timestamp: v.string(),
        name: v.string(),
        description: v.optional(v.string()),
        parents: v.array(v.string()),
        isHead: v.pipe(v.boolean(), v.description('whether the whole graph has no child of it')),
        shownParents: v.pipe(
          v.array(v.string()),
          v.description(
            'the parents in this document, or the nearest ancestors through hidden migrations; without redundant ones with --reduce',
          ),
        ),
        redundantParents: v.optional(
          v.pipe(v.array(v.string()), v.description('ancestors of other parents, with --reduce')),
        ),
        status: v.optional(v.pipe(migrationStatus, v.description('as in `kat status --json`'))),
        branch: v.optional(
          v.pipe(
            v.picklist(['added', 'edited']),
            v.description('what the branch did to it, with --git-base'),
          ),
        ),
        reasons: v.optional(
          v.pipe(
            v.array(
              v.strictObject({
                id: v.pipe(v.string(), v.description('the parent')),
                reasons: v.array(dependencyReason(location)),
              }),
            ),
            v.description('what the SQL needs from each parent, with --reasons'),
          ),
        ),
      }),
    ),
    v.description('the chosen migrations, parents before children'),
  ),
});
