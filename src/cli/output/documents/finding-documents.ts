/** The shape of a finding of the checks. */

import * as v from 'valibot';
import { location } from './document-parts.js';

export const severity = v.picklist(['error', 'warning', 'info']);

export const findingDocument = v.strictObject({
  code: v.pipe(v.string(), v.description('the kind of finding')),
  severity,
  message: v.string(),
  help: v.optional(v.pipe(v.string(), v.description('what to do'))),
  location: v.optional(location),
  migration: v.optional(v.string()),
  related: v.optional(
    v.pipe(v.array(v.strictObject({ message: v.string(), location })), v.description('related locations')),
  ),
  evidence: v.optional(
    v.pipe(
      v.strictObject({
        verdict: v.picklist(['confirmed', 'refuted', 'not seen']),
        message: v.string(),
      }),
      v.description('what executing the migrations has shown, by `kat verify --evidence`'),
    ),
  ),
});

export const findingCounts = v.strictObject({ errors: v.number(), warnings: v.number(), infos: v.number() });
