/** Writes the SQL that makes a schema: one statement per object, in an order that loads. */

import type { SchemaSnapshot, SnapshotObject } from '../snapshot/snapshot.js';
import { orderUnits } from './order-units.js';
import { divideSnapshot, missingFrom } from './units.js';

/** The statements of one object, and of the parts that are made with it. */
interface RenderedObject {
  object: SnapshotObject;
  /** Without semicolons. */
  statements: readonly string[];
}

/** The SQL of a schema. */
export interface RenderedSchema {
  objects: readonly RenderedObject[];
  /** Objects with secrets, which a snapshot does not have. */
  incomplete: readonly SnapshotObject[];
}

/**
 * @param blank the snapshot of an empty database: what it has is not created.
 * @returns equal texts for equal snapshots.
 */
export function renderSchema(snapshot: SchemaSnapshot, blank: SchemaSnapshot): RenderedSchema {
  const wanted = new Set(missingFrom(blank, snapshot));
  const units = divideSnapshot(snapshot).filter(({ object }) => wanted.has(object));
  const ordered = orderUnits(units).filter(({ statements }) => statements.length > 0);
  return {
    objects: ordered.map(({ object, statements }) => ({ object, statements })),
    incomplete: [...wanted].filter(hasSecrets),
  };
}

function hasSecrets({ definition: { options, foreignOptions } }: SnapshotObject): boolean {
  return [options, foreignOptions].some((text) => /(?:^|, )\S+ hidden(?:,|$)/.test(text ?? ''));
}
