/** The document of `kat import`. */

import * as v from 'valibot';
import { instant } from './document-parts.js';
import { problem } from './failure-document.js';

const importedMigration = v.strictObject({
  id: v.string(),
  source: v.pipe(v.string(), v.description('the file, folder or revision')),
  parents: v.array(v.string()),
  noTransaction: v.boolean(),
  hasDown: v.boolean(),
  isPresent: v.pipe(v.boolean(), v.description('its folder already existed')),
});

export const importFields = {
  from: v.pipe(v.string(), v.description('the other tool')),
  isDryRun: v.boolean(),
  migrations: v.pipe(v.array(importedMigration), v.description('in the execution order of the other tool')),
  adopted: v.optional(
    v.pipe(
      v.array(v.strictObject({ id: v.string(), appliedAt: v.optional(instant) })),
      v.description('the migrations recorded as applied, with --adopt'),
    ),
  ),
  warnings: v.array(problem),
};
