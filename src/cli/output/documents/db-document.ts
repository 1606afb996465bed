/** The document of `kat db`. */

import * as v from 'valibot';

export const dbFields = {
  action: v.picklist(['create', 'drop', 'wait', 'url']),
  database: v.optional(v.pipe(v.string(), v.description('its place, without a password; absent for `url`'))),
  isCreated: v.optional(v.pipe(v.boolean(), v.description('create: false if the database existed'))),
  isDropped: v.optional(
    v.pipe(v.boolean(), v.description('drop: false if there was no such database, or with a dry run')),
  ),
  isDryRun: v.optional(v.pipe(v.boolean(), v.description('create, drop: true if nothing was to be changed'))),
  ended: v.optional(
    v.pipe(v.array(v.number()), v.description('drop: process ids of the sessions that --force ended')),
  ),
  exists: v.optional(v.pipe(v.boolean(), v.description('wait: whether the database exists'))),
  server: v.optional(v.strictObject({ versionNumber: v.number(), version: v.string() })),
  url: v.optional(v.pipe(v.string(), v.description('url: with *** unless --show-password is given'))),
};
