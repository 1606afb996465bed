/** The shapes of planned steps, of those that a rehearsal leaves out, and of what steps destroy. */

import * as v from 'valibot';
import { stepReasons } from '../../../graph/explain.js';
import { untriedReasons } from '../../../graph/untried.js';
import { direction } from '../documents/document-parts.js';

export const untriedStep = v.strictObject({
  id: v.string(),
  direction,
  reason: v.picklist(untriedReasons),
  of: v.optional(v.pipe(v.string(), v.description('the untried migration on which the step depends'))),
});

export const loss = v.strictObject({
  id: v.pipe(v.string(), v.description('the migration that is rolled back')),
  replaces: v.pipe(v.array(v.string()), v.description('the migrations that were squashed into it')),
  tables: v.pipe(v.array(v.string()), v.description('tables that are dropped or emptied, and hold rows')),
  cascaded: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description('tables that lose rows with the rows of other tables they refer to'),
    ),
  ),
  joined: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description('migrations of the folder that what ran may have contained, as it was squashed then'),
    ),
  ),
  columns: v.optional(
    v.pipe(v.array(v.string()), v.description('columns that are dropped, and hold values')),
  ),
  overwritten: v.optional(v.pipe(v.array(v.string()), v.description('columns that stay, and lose values'))),
  sequences: v.optional(
    v.pipe(v.array(v.string()), v.description('sequences that are dropped, and have given out numbers')),
  ),
  unseen: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'tables and columns that are dropped, emptied or overwritten and could not be looked into, with the reason',
      ),
    ),
  ),
  unread: v.optional(
    v.pipe(v.array(v.string()), v.description('code that cannot be read and may drop or empty tables')),
  ),
});

export const plannedStep = v.strictObject({
  id: v.string(),
  direction,
  mode: v.pipe(
    v.picklist(['transaction', 'statements']),
    v.description('in one transaction, or statement by statement without one'),
  ),
  reason: v.pipe(v.picklist(stepReasons), v.description('the reason why the step is in the plan')),
  of: v.optional(v.pipe(v.string(), v.description('the migration to which the reason refers'))),
  after: v.pipe(v.array(v.string()), v.description('numbers of the steps that must run before')),
  file: v.string(),
  checksum: v.string(),
  isStored: v.optional(
    v.pipe(v.literal(true), v.description('rolled back with the SQL stored when it was applied')),
  ),
});
