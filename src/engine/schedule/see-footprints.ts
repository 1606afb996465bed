/** Reads the footprints of migrations while the SQL of a plan is checked, so that no text is parsed for them. */

import type { NameFootprint } from '../../sql/concurrency/name-footprint.js';
import {
  createNameFootprintReader,
  mayMakeFamily,
  type NameFootprints,
} from '../../sql/concurrency/read-name-footprint.js';
import type { ParseListener } from '../plan/check-plan.js';

/** `footprints` is filled by `see`. */
export function createFootprintListener(): { see: ParseListener; footprints: NameFootprints } {
  const reader = createNameFootprintReader();
  const byId = new Map<string, NameFootprint>();
  const footprints = { byId, reader, makesFamilies: false };
  return {
    footprints,
    see: ({ id }, text, statements) => {
      footprints.makesFamilies ||= mayMakeFamily(text);
      const footprint = reader.read(text, statements);
      if (footprint) byId.set(id, footprint);
    },
  };
}
