/** Reads the footprints of migrations while the SQL of a plan is checked, so that no text is parsed for them. */

import type { NameFootprint } from '../../sql/concurrency/name-footprint.js';
import {
  createNameFootprintReader,
  mayMakeFamily,
  type NameFootprints,
  schemasMadeIn,
} from '../../sql/concurrency/read-name-footprint.js';
import type { ParseListener } from '../plan/check-plan.js';

/** `footprints` is filled by `see`. */
export function createFootprintListener(): { see: ParseListener; footprints: NameFootprints } {
  const reader = createNameFootprintReader();
  const byId = new Map<string, NameFootprint>();
  const footprints: NameFootprints = { byId, reader, makesFamilies: false, schemas: new Set() };
  return {
    footprints,
    see: ({ id }, text, statements) => {
      footprints.makesFamilies ||= mayMakeFamily(text);
      for (const name of schemasMadeIn(statements)) footprints.schemas.add(name);
      const footprint = reader.read(text, statements);
      if (footprint) byId.set(id, footprint);
    },
  };
}
