/** Writes statements that create types, collations, conversions and casts. */

import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { constraintText } from './tables.js';
import { assignments, inBrackets, joinWords } from './words.js';

export function createEnum(object: SnapshotObject): string[] {
  const labels = splitList(object.definition.labels);
  return [`CREATE TYPE ${qualifiedName(object)} AS ENUM (${labels.join(', ')})`];
}

export function createComposite(object: SnapshotObject): string[] {
  const attributes = splitList(object.definition.attributes);
  return [`CREATE TYPE ${qualifiedName(object)} AS (\n  ${attributes.join(',\n  ')}\n)`];
}

export function createRange(object: SnapshotObject): string[] {
  const parts = assignments(object.definition, {
    ...{
      subtype: 'SUBTYPE',
      operatorClass: 'SUBTYPE_OPCLASS',
      collation: 'COLLATION',
      canonical: 'CANONICAL',
    },
    ...{ difference: 'SUBTYPE_DIFF', multirange: 'MULTIRANGE_TYPE_NAME' },
  });
  return [`CREATE TYPE ${qualifiedName(object)} AS RANGE (${parts.join(', ')})`];
}

/** @param constraints those of the domain */
export function createDomain(object: SnapshotObject, constraints: readonly SnapshotObject[]): string[] {
  const { type, collation, default: value, notNull } = object.definition;
  const head = joinWords(
    `CREATE DOMAIN ${qualifiedName(object)} AS ${type}`,
    collation !== undefined && `COLLATE ${collation}`,
    value !== undefined && `DEFAULT ${value}`,
    notNull !== undefined && 'NOT NULL',
  );
  const checked = constraints.filter((constraint) => !isUnchecked(constraint));
  const later = constraints.filter(isUnchecked);
  return [
    [head, ...checked.map((constraint) => `  ${constraintText(constraint)}`)].join('\n'),
    ...later.map((constraint) => `ALTER DOMAIN ${qualifiedName(object)} ADD ${constraintText(constraint)}`),
  ];
}

/** CREATE has no NOT VALID. */
export function isUnchecked({ definition }: SnapshotObject): boolean {
  return / NOT VALID$/.test(definition.definition ?? '');
}

/** Types of C functions; a shell type has only a name. */
export function createBaseType(object: SnapshotObject): string[] {
  const { definition } = object;
  const name = qualifiedName(object);
  if (definition.shell !== undefined) return [`CREATE TYPE ${name}`];
  const { length, alignment, storage, category } = definition;
  const parts = [
    ...assignments(definition, {
      ...{ input: 'INPUT', output: 'OUTPUT', receive: 'RECEIVE', send: 'SEND', modifiers: 'TYPMOD_IN' },
      ...{ passedByValue: 'PASSEDBYVALUE', element: 'ELEMENT' },
    }),
    `INTERNALLENGTH = ${length === '-1' ? 'VARIABLE' : length}`,
    `ALIGNMENT = ${alignments[alignment ?? 'i']}`,
    `STORAGE = ${storages[storage ?? 'p']}`,
    `CATEGORY = '${category}'`,
    ...(definition.preferred === undefined ? [] : ['PREFERRED = true']),
    ...(definition.collatable === undefined ? [] : ['COLLATABLE = true']),
  ];
  return [`CREATE TYPE ${name} (${parts.join(', ')})`];
}

/** Letters of pg_type: https://www.postgresql.org/docs/current/catalog-pg-type.html */
const alignments: Readonly<Record<string, string>> = { c: 'char', s: 'int2', i: 'int4', d: 'double' };
const storages: Readonly<Record<string, string>> = { p: 'plain', e: 'external', m: 'main', x: 'extended' };

export function createCast({ name, definition }: SnapshotObject): string[] {
  const { function: by, method, context } = definition;
  const how = by === undefined ? (method ?? 'WITHOUT FUNCTION') : `WITH FUNCTION ${by}`;
  return [joinWords(`CREATE CAST ${name} ${how}`, context)];
}

export function createTransform({ name, definition }: SnapshotObject): string[] {
  const { fromSql, toSql } = definition;
  const parts = [
    ...(fromSql === undefined ? [] : [`FROM SQL WITH FUNCTION ${fromSql}`]),
    ...(toSql === undefined ? [] : [`TO SQL WITH FUNCTION ${toSql}`]),
  ];
  const target = name.replace(/^for /, 'FOR ').replace(/ language (\S+)$/, ' LANGUAGE $1');
  return [`CREATE TRANSFORM ${target}${inBrackets('', parts)}`];
}

export function createConversion(object: SnapshotObject): string[] {
  const { from, to, function: by, default: isDefault } = object.definition;
  const head = joinWords('CREATE', isDefault !== undefined && 'DEFAULT', 'CONVERSION', qualifiedName(object));
  return [`${head} FOR '${from}' TO '${to}' FROM ${by}`];
}

/** The definition has the columns of pg_collation, as they are called in all majors. */
export function createCollation(object: SnapshotObject): string[] {
  const fields = new Map(
    splitList(object.definition.definition).map((part): [string, string] => {
      const [name = '', ...value] = part.split(' ');
      return [name, value.join(' ')];
    }),
  );
  const provider = { b: 'builtin', c: 'libc', i: 'icu' }[fields.get('collprovider') ?? 'c'];
  const locale = fields.get('colllocale') ?? fields.get('colliculocale');
  const parts = [
    `provider = ${provider}`,
    ...(locale === undefined
      ? [`lc_collate = '${fields.get('collcollate')}'`, `lc_ctype = '${fields.get('collctype')}'`]
      : [`locale = '${locale}'`]),
    ...(fields.get('collisdeterministic') === 'false' ? ['deterministic = false'] : []),
    ...(fields.has('collicurules') ? [`rules = '${fields.get('collicurules')?.replaceAll("'", "''")}'`] : []),
  ];
  return [`CREATE COLLATION ${qualifiedName(object)} (${parts.join(', ')})`];
}
