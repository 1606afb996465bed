/** Writes the statements that turn one column into another of the same name. */

import type { SnapshotObject } from '../snapshot/snapshot.js';
import type { AlterWriter, ChangedObject } from './changed-object.js';
import { hasMadeNotNull, identityText, notNullName } from './tables.js';
import { castType } from './type-casts.js';
import { changeForeignOptions, changeOptions, ownerName } from './words.js';

/** @returns undefined where only a new column will do. */
export const changeColumn: AlterWriter = (change) => {
  const { before, after, changed } = change;
  if (changed.has('generated') && (after.definition.generated !== undefined || !isStored(before)))
    return undefined;
  const alter = `ALTER TABLE ${ownerName(after)} ALTER COLUMN ${after.name}`;
  return [
    ...dropsBefore(change, alter),
    ...(changed.has('type') || changed.has('collation') ? typeChange(change, alter) : []),
    ...notNullChange(change, alter),
    ...setsAfter(change, alter),
    ...settingsChange(change, alter),
  ];
};

function isStored({ definition }: SnapshotObject): boolean {
  return definition.generated?.startsWith('STORED ') === true;
}

/** An old default may not fit the new type. */
function dropsBefore({ before, after, changed }: ChangedObject, alter: string): string[] {
  const { default: value, identity } = before.definition;
  const isGone = changed.has('default') || changed.has('type');
  return [
    ...(changed.has('generated') ? [`${alter} DROP EXPRESSION`] : []),
    ...(isGone && value !== undefined ? [`${alter} DROP DEFAULT`] : []),
    ...(identity !== undefined && after.definition.identity === undefined ? [`${alter} DROP IDENTITY`] : []),
  ];
}

function typeChange({ before, after }: ChangedObject, alter: string): string[] {
  const { type = '', collation } = after.definition;
  const collate = collation === undefined ? '' : ` COLLATE ${collation}`;
  return [
    `${alter} TYPE ${type}${collate} USING ${after.name}::${castType(before.definition.type ?? '', type)}`,
  ];
}

function notNullChange({ before, after, changed }: ChangedObject, alter: string): string[] {
  if (!changed.has('notNull')) return [];
  const [old, next] = [before.definition.notNull, after.definition.notNull];
  const table = `ALTER TABLE ${ownerName(after)}`;
  if (next === undefined) return [`${alter} DROP NOT NULL`];
  const [oldName, nextName] = [notNullName(old), notNullName(next)];
  // In the words of all majors, where they say the same.
  const isPlain = hasMadeNotNull(after) && !/ (?:NO INHERIT|NOT VALID)$/.test(next);
  if (nextName === '' || (old === undefined && isPlain)) return [`${alter} SET NOT NULL`];
  if (old === undefined) return [`${table} ADD CONSTRAINT ${next}`];
  // No statement makes a constraint NOT VALID again.
  if (next.endsWith(' NOT VALID') && !old.endsWith(' NOT VALID'))
    return [`${alter} DROP NOT NULL`, `${table} ADD CONSTRAINT ${next}`];
  const renames = oldName === nextName ? [] : [`${table} RENAME CONSTRAINT ${oldName} TO ${nextName}`];
  const isChecked = old.endsWith(' NOT VALID') && !next.endsWith(' NOT VALID');
  const isPrivate = isNotInherited(next);
  return [
    ...renames,
    ...(isPrivate === isNotInherited(old)
      ? []
      : [`${table} ALTER CONSTRAINT ${nextName} ${isPrivate ? 'NO ' : ''}INHERIT`]),
    ...(isChecked ? [`${table} VALIDATE CONSTRAINT ${nextName}`] : []),
  ];
}

function isNotInherited(notNull: string): boolean {
  return / NO INHERIT(?: NOT VALID)?$/.test(notNull);
}

function setsAfter({ before, after, changed }: ChangedObject, alter: string): string[] {
  const { default: value, identity } = after.definition;
  const isSet = changed.has('default') || changed.has('type');
  return [
    ...(isSet && value !== undefined ? [`${alter} SET DEFAULT ${value}`] : []),
    ...(changed.has('identity') && identity !== undefined
      ? identityChange(before.definition.identity, identity, alter)
      : []),
  ];
}

function identityChange(old: string | undefined, next: string, alter: string): string[] {
  if (old === undefined) return [`${alter} ADD GENERATED ${identityText(next)}`];
  const [, mode, sequence, options = ''] = splitIdentity(next);
  const [, , oldSequence = ''] = splitIdentity(old);
  const name = sequence?.replace(/^.*\./s, '');
  const settings = options.replace(/ CYCLE$/, '').replace(/(^| )([A-Z])/g, '$1SET $2');
  return [
    ...(oldSequence === sequence ? [] : [`ALTER SEQUENCE ${oldSequence} RENAME TO ${name}`]),
    `${alter} SET GENERATED ${mode} ${settings} SET ${options.endsWith(' CYCLE') ? '' : 'NO '}CYCLE`,
  ];
}

function splitIdentity(identity: string): readonly string[] {
  return /^(ALWAYS|BY DEFAULT) SEQUENCE (.*) AS \w+ (START .*)$/s.exec(identity) ?? [];
}

function settingsChange({ before, after, changed }: ChangedObject, alter: string): string[] {
  const { storage, statistics, compression, type = '', foreignOptions } = after.definition;
  return [
    ...(changed.has('storage') ? [`${alter} SET STORAGE ${storage ?? usualStorage(type)}`] : []),
    ...(changed.has('statistics') ? [`${alter} SET STATISTICS ${statistics ?? '-1'}`] : []),
    ...(changed.has('compression') ? [`${alter} SET COMPRESSION ${compression ?? 'default'}`] : []),
    ...changeOptions(alter, before.definition.options, after.definition.options),
    ...changeForeignOptions(alter, before.definition.foreignOptions, foreignOptions),
  ];
}

/** Before 16, SET STORAGE has no DEFAULT (pg_type.typstorage of the builtin types). */
function usualStorage(type: string): string {
  return /^(?:numeric|inet|cidr)/.test(type) ? 'MAIN' : 'EXTENDED';
}
