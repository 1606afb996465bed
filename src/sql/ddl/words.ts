/** Small pieces of SQL that statements for many kinds of objects share. */

import { quoteLiteral } from '../../quote.js';
import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';

/** The relation or domain that a part belongs to, with its schema. */
export function ownerName({ schema, of = '' }: SnapshotObject): string {
  return schema === undefined ? of : `${schema}.${of}`;
}

/** Storage options such as `fillfactor=70`, whose values may need quotes. */
export function storageOptions(text: string | undefined, prefix = ''): string[] {
  return splitList(text).map((option) => {
    const [name = '', ...rest] = option.split('=');
    const value = rest.join('=');
    return `${prefix}${name}=${/^[\w.]+$/.test(value) ? value : quoteLiteral(value)}`;
  });
}

/** ` (a, b)`, or nothing for an empty list. */
export function inBrackets(keyword: string, items: readonly string[]): string {
  return items.length === 0 ? '' : ` ${keyword}(${items.join(', ')})`;
}

/** The parts that are not empty, with blanks between them. */
export function joinWords(...words: readonly (string | undefined | false)[]): string {
  return words.filter((word) => word !== undefined && word !== false && word !== '').join(' ');
}

/** `name` of `schema.name` without its quotes. */
export function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** `a = b` for each property that the object has, such as `SFUNC = public.f`. */
export function assignments(
  definition: SnapshotObject['definition'],
  keywords: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(keywords).flatMap(([property, keyword]) => {
    const value = definition[property];
    if (value === undefined) return [];
    return [value === 'yes' ? keyword : `${keyword} = ${value}`];
  });
}

const words: Readonly<Partial<Record<SnapshotObject['kind'], string>>> = {
  'enum type': 'TYPE',
  'composite type': 'TYPE',
  'range type': 'TYPE',
  'base type': 'TYPE',
  'foreign-data wrapper': 'FOREIGN DATA WRAPPER',
  'statistics object': 'STATISTICS',
};

/** The word for a kind in DROP and ALTER. */
export function kindWord(kind: SnapshotObject['kind']): string {
  return words[kind] ?? kind.toUpperCase();
}

/** The object as DROP, ALTER … OWNER TO and COMMENT name it: `TABLE public.users`, `TRIGGER audit ON public.users`. */
export function objectReference(object: SnapshotObject): string {
  const { kind, name } = object;
  if (kind === 'trigger' || kind === 'rule' || kind === 'policy')
    return `${kindWord(kind)} ${name} ON ${ownerName(object)}`;
  if (kind === 'user mapping') return `USER MAPPING FOR ${name} SERVER ${object.of ?? ''}`;
  if (kind === 'index') return `INDEX ${object.schema}.${name}`;
  if (kind === 'operator') return `OPERATOR ${operatorReference(object)}`;
  if (kind === 'operator class' || kind === 'operator family')
    return `${kindWord(kind)} ${qualifiedName(object).replace(/ using (\S+)$/, ' USING $1')}`;
  return `${kindWord(kind)} ${qualifiedName(object)}`;
}

/** `public.+ (integer, integer)`. */
function operatorReference(object: SnapshotObject): string {
  return qualifiedName(object).replace(/\(/, ' (');
}

/** SET and RESET of storage options. @param alter the beginning of the statement */
export function changeOptions(
  alter: string,
  before: string | undefined,
  after: string | undefined,
  prefix = '',
): string[] {
  const [old, next] = [storageOptions(before, prefix), storageOptions(after, prefix)];
  const set = next.filter((option) => !old.includes(option));
  const names = next.map((option) => option.split('=')[0]);
  const gone = old.map((option) => option.split('=')[0] ?? '').filter((name) => !names.includes(name));
  return [
    ...(gone.length === 0 ? [] : [`${alter} RESET (${gone.join(', ')})`]),
    ...(set.length === 0 ? [] : [`${alter} SET (${set.join(', ')})`]),
  ];
}

/** ADD, SET and DROP of foreign options, except of secrets. @param alter the beginning of the statement */
export function changeForeignOptions(
  alter: string,
  before: string | undefined,
  after: string | undefined,
): string[] {
  const [old, next] = [foreignOptions(before), foreignOptions(after)];
  const parts = [
    ...[...next].flatMap(([name, value]) => {
      if (old.get(name) === value) return [];
      return [`${old.has(name) ? 'SET' : 'ADD'} ${name} ${value}`];
    }),
    ...[...old.keys()].filter((name) => !next.has(name)).map((name) => `DROP ${name}`),
  ];
  return parts.length === 0 ? [] : [`${alter} OPTIONS (${parts.join(', ')})`];
}

function foreignOptions(text: string | undefined): Map<string, string> {
  return new Map(
    splitList(text).flatMap((option): [string, string][] => {
      const end = option.indexOf(' ');
      return option.endsWith(' hidden') ? [] : [[option.slice(0, end), option.slice(end + 1)]];
    }),
  );
}

/** The owner of a constraint: only the constraints of domains have VALUE, the word that stands for the value. */
export function constraintOwner(constraint: SnapshotObject): string {
  const isOfDomain = /(?<!")\bVALUE\b(?!")/.test(constraint.definition.definition ?? '');
  return `${isOfDomain ? 'DOMAIN' : 'TABLE'} ${ownerName(constraint)}`;
}
