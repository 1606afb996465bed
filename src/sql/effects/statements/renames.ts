/** Reads renames, moves to other schemas and changes of owner. */

import { joinNames } from '../../syntax/identifiers.js';
import type { NodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { movedTo, partOf, partsOf, renamed } from '../../syntax/object-names.js';
import { conditionally, emit, emitUse, type ReaderContext } from '../context.js';
import { nameSpaceOf } from '../name-space.js';
import { namedObject } from '../named-objects.js';
import { usedName } from '../resolve-names.js';
import { roleName, useRole } from './role-names.js';

/** ALTER … RENAME TO. */
export function readRename(context: ReaderContext, statement: NodeOf<'RenameStmt'>): void {
  const { relation, newname = '', missing_ok } = statement;
  const inner = missing_ok ? conditionally(context) : context;
  const found = findRenamed(inner, statement);
  if (!found) return;
  const to = renamed(found, newname);
  rememberName(inner, to);
  const at = relation?.location;
  const isCascade = statement.behavior === 'DROP_CASCADE';
  const words = { change: { kind: 'rename' }, to, at, ...(isCascade ? { isCascade } : {}) } as const;
  emit(inner, { action: 'alter', object: found, ...words });
  if (found.kind === 'constraint') renameIndex(inner, found, newname);
}

/** The index of a key has the key's name; other constraints have none. */
function renameIndex(context: ReaderContext, { schema, path, name }: ObjectId, newname: string): void {
  const index: ObjectId = {
    kind: 'index',
    ...(schema === undefined ? {} : { schema }),
    ...(path ? { path } : {}),
    name,
  };
  emit(context, {
    action: 'alter',
    object: index,
    change: { kind: 'rename' },
    to: renamed(index, newname),
    isImplicit: true,
    isConditional: true,
  });
}

function findRenamed(context: ReaderContext, statement: NodeOf<'RenameStmt'>): ObjectId | undefined {
  const { renameType, relation, object, subname = '' } = statement;
  if (renameType === 'OBJECT_DOMCONSTRAINT') {
    return partOf(usedName(context, 'domain', partsOf(object)), 'constraint', subname);
  }
  const isGlobal = !relation && !object;
  if (isGlobal) return namedObject(context, { type: renameType, object: { String: { sval: subname } } });
  return namedObject(context, { type: renameType, object, relation, part: subname });
}

function rememberName({ state }: ReaderContext, { kind, schema, path, parent, name }: ObjectId): void {
  if (schema === undefined || path || parent !== undefined) return;
  state.created.set(`${nameSpaceOf(kind)}:${name}`, schema);
  state.generated.add(joinNames(schema, name));
}

/** ALTER … SET SCHEMA. */
export function readSetSchema(context: ReaderContext, statement: NodeOf<'AlterObjectSchemaStmt'>): void {
  const { objectType, relation, object, newschema = '', missing_ok } = statement;
  const inner = missing_ok ? conditionally(context) : context;
  const found = namedObject(inner, { type: objectType, object, relation });
  if (!found) return;
  emitUse(inner, { kind: 'schema', name: newschema });
  if (found.kind === 'extension') {
    // It lies in no schema itself, and takes its members along.
    emit(inner, { action: 'alter', object: found, change: { kind: 'set schema' } });
    return;
  }
  const to = movedTo(found, newschema);
  emit(inner, { action: 'alter', object: found, change: { kind: 'set schema' }, to });
  rememberName(inner, to);
}

/** ALTER … OWNER TO. */
export function readOwner(context: ReaderContext, statement: NodeOf<'AlterOwnerStmt'>): void {
  const { objectType, relation, object, newowner } = statement;
  const found = namedObject(context, { type: objectType, object, relation });
  const sets = { owner: roleName(newowner) };
  if (found) emit(context, { action: 'alter', object: found, change: { kind: 'owner' }, sets });
  useRole(context, newowner, 'owning');
}
