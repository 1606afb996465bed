/** Writes the SQL that makes a schema: one statement per object, in an order that loads. */

import { compareSnapshots } from '../snapshot/compare.js';
import { neutralObject } from '../snapshot/neutral-roles.js';
import { type SchemaSnapshot, type SnapshotObject, sortObjects } from '../snapshot/snapshot.js';
import { changeSchema } from './change-schema.js';
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
  /** The SQL is SQLite's. */
  isSqlite?: true;
  /** What the migrations change and drop of an empty database, such as the schema `public`; without semicolons. */
  changes: readonly string[];
  objects: readonly RenderedObject[];
  /** Objects with secrets, which a snapshot does not have. */
  incomplete: readonly SnapshotObject[];
}

/**
 * @param blank the snapshot of an empty database: what it has is not created.
 * @returns equal texts for equal snapshots, whatever roles read them.
 */
export function renderSchema(snapshot: SchemaSnapshot, blank: SchemaSnapshot): RenderedSchema {
  const [before, after] = [withoutRole(blank), withoutRole(snapshot)];
  const wanted = new Set(missingFrom(before, after));
  const units = divideSnapshot(after).filter(({ object }) => wanted.has(object));
  const ordered = orderUnits(units).filter(({ statements }) => statements.length > 0);
  const others = compareSnapshots(before, after).filter(({ change }) => change !== 'added');
  return {
    changes: changeSchema(others, { before, after }).statements,
    objects: ordered.map(({ object, statements }) => ({ object, statements })),
    incomplete: [...wanted].filter(hasSecrets),
  };
}

/** Who loads the schema is the role that made it. */
function withoutRole({ objects, role, ...snapshot }: SchemaSnapshot): SchemaSnapshot {
  const neutral = objects.map((object) => neutralObject(object, role));
  return { ...snapshot, role: 'CURRENT_USER', objects: sortObjects(neutral) };
}

function hasSecrets({ definition: { options, foreignOptions } }: SnapshotObject): boolean {
  return [options, foreignOptions].some((text) => /(?:^|, )\S+ hidden(?:,|$)/.test(text ?? ''));
}
