/** Reads the footprints of migrations while the SQL of a plan is checked, so that no text is parsed for them. */

import type { NameFootprint } from '../../sql/concurrency/name-footprint.js';
import { createNameFootprintReader } from '../../sql/concurrency/read-name-footprint.js';
import type { ParseListener } from '../plan/check-plan.js';

/** `footprints` is filled by `see`: by id, without migrations whose history is needed. */
export function createFootprintListener(): {
  see: ParseListener;
  footprints: ReadonlyMap<string, NameFootprint>;
} {
  const reader = createNameFootprintReader();
  const footprints = new Map<string, NameFootprint>();
  return {
    footprints,
    see: ({ id }, text, statements) => {
      const footprint = reader.read(text, statements);
      if (footprint) footprints.set(id, footprint);
    },
  };
}
