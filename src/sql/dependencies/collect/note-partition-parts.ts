/** Notes which indexes, foreign keys and triggers partitions get or have along with their tables. */

import type { Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import { chooseName } from '../../postgres/chosen-names.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import {
  attachedTo,
  type Catalogue,
  constraintOf,
  neededObjects,
  ownerOf,
  partKeysOf,
} from '../catalogue.js';
import { equalPartsKey, objectKey } from '../keys.js';
import { type Collector, causeOf, noteAccess, withAncestors, withDescendants } from './collector.js';

/**
 * An index or foreign key of a table takes over an equal one of a partition, and otherwise makes one there (DefineIndex,
 * tryAttachPartitionForeignKey). Of several the first is taken over, so what a table gets only reads which there are if one was there
 * before.
 */
export function noteEqualParts(collector: Collector, effect: Effect): void {
  const { object, parts, isOnly } = effect;
  const definition = parts?.equal;
  const table = object.kind === 'constraint' ? ownerOf(object) : effect.beside;
  if (!table || definition === undefined) return;
  const { catalogue } = collector;
  for (const one of isOnly ? [table] : withDescendants(catalogue, table)) {
    if (one !== table && !catalogue.partitions.has(keyOf(one))) continue;
    const isTaken = withAncestors(catalogue, one).some(
      (above) => keyOf(above) !== keyOf(table) && findEqual(catalogue, above, definition) !== undefined,
    );
    const cause = causeOf({ ...effect, beside: table });
    noteAccess(collector, equalPartsKey(one, definition), isTaken ? 'read' : 'write', cause);
  }
}

/** A table that becomes a partition, or is none any more. */
export function noteLinkedParts(
  collector: Collector,
  effect: Effect,
  { parent, child }: { parent: ObjectId; child: ObjectId },
): void {
  const { catalogue } = collector;
  const isAdded = effect.change?.kind === 'family' && effect.change.isAdded;
  const noteAll = (parts: readonly ObjectId[], beside: ObjectId) => {
    const cause = { ...causeOf({ ...effect, beside }), isDependency: true };
    for (const one of parts) noteAccess(collector, objectKey(one), 'write', cause);
  };
  for (const part of sharedParts(catalogue, parent)) {
    const definition = catalogue.definitions.get(keyOf(part))?.equal;
    const equal = definition === undefined ? undefined : findEqual(catalogue, child, definition);
    if (!isAdded)
      noteAll(equal ? withConstraint(catalogue, equal) : madeParts(catalogue, part, child), child);
    else if (equal) {
      noteAll(withConstraint(catalogue, part), parent);
      noteAll(withConstraint(catalogue, equal), child);
    } else if (definition !== undefined) {
      const made = causeOf({ ...effect, beside: parent, isImplicit: isOfConstraint(catalogue, part) });
      noteAccess(collector, equalPartsKey(child, definition), 'write', made);
    }
  }
}

/** An index that goes takes along those of partitions. */
export function noteDroppedParts(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  const index = catalogue.objects.get(keyOf(effect.object));
  const definition = index && catalogue.definitions.get(keyOf(index))?.equal;
  const table =
    index && neededObjects(catalogue, keyOf(index)).find(({ kind }) => nameSpaceOf(kind) === 'rel');
  if (!table || definition === undefined) return;
  for (const one of withDescendants(catalogue, table)) {
    if (!catalogue.partitions.has(keyOf(one))) continue;
    const equal = findEqual(catalogue, one, definition);
    for (const part of equal ? [equal] : madeParts(catalogue, index, one))
      noteAccess(collector, objectKey(part), 'write', causeOf(effect));
  }
}

/** What a partition has along with its table, columns and checks left out. */
function sharedParts(catalogue: Catalogue, table: ObjectId): ObjectId[] {
  const isShared = (part: ObjectId) =>
    part.kind === 'trigger' || catalogue.definitions.get(keyOf(part))?.equal !== undefined;
  const key = keyOf(table);
  return [...attachedTo(catalogue, key), ...partKeysOf(catalogue, key)].filter(isShared);
}

function isOfConstraint(catalogue: Catalogue, index: ObjectId): boolean {
  return constraintOf(catalogue, index) !== undefined;
}

function withConstraint(catalogue: Catalogue, part: ObjectId): ObjectId[] {
  const constraint = constraintOf(catalogue, part);
  return constraint ? [part, constraint] : [part];
}

/** The parts that PostgreSQL has made for the partition: foreign keys and triggers have the names of their originals. */
function madeParts(catalogue: Catalogue, part: ObjectId, child: ObjectId): ObjectId[] {
  if (part.kind !== 'index') return [partOf(child, part.kind, part.name)];
  const constraint = constraintOf(catalogue, part);
  const type = constraint && catalogue.properties.get(keyOf(constraint))?.key;
  const columns = catalogue.definitions.get(keyOf(part))?.keyColumns ?? [];
  const label = type === undefined ? 'idx' : type === 'primary' ? 'pkey' : 'key';
  const name = chooseName({ table: child.name, columns, label }, () => false);
  const index: ObjectId = { ...child, kind: 'index', name };
  return constraint ? [index, partOf(child, 'constraint', name)] : [index];
}

function findEqual(catalogue: Catalogue, table: ObjectId, definition: string): ObjectId | undefined {
  const key = keyOf(table);
  return [...attachedTo(catalogue, key), ...partKeysOf(catalogue, key)].find(
    (part) => catalogue.definitions.get(keyOf(part))?.equal === definition,
  );
}
