/** Divides the SQL of a schema into files: one for each table with its parts, view, function, type and so on. */

import { isNote, isPart, qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { subjectNames, withoutLastPart } from '../snapshot/written-names.js';
import type { RenderedSchema } from './render-schema.js';
import { ownerName } from './words.js';

/** The statements of one file, without semicolons, and the objects in it that have secrets. */
export interface ObjectFile {
  statements: readonly string[];
  incomplete: readonly SnapshotObject[];
}

/** What belongs to no object of its own. */
const databaseFile = 'database.sql';

/** @returns files by their paths, with `/`. The functions of one name share a file. */
export function divideIntoFiles({ changes, objects, incomplete }: RenderedSchema): Map<string, ObjectFile> {
  const paths = pathsOf(objects.map(({ object }) => object));
  const files = new Map<string, { statements: string[]; incomplete: SnapshotObject[] }>();
  const fileAt = (path: string) => {
    const file = files.get(path) ?? { statements: [], incomplete: [] };
    files.set(path, file);
    return file;
  };
  if (changes.length > 0) fileAt(databaseFile).statements.push(...changes);
  for (const { object, statements } of objects) fileAt(pathOf(object, paths)).statements.push(...statements);
  for (const object of incomplete) fileAt(pathOf(object, paths)).incomplete.push(object);
  return files;
}

type Paths = ReadonlyMap<string, string>;

/** By qualified name. */
function pathsOf(objects: readonly SnapshotObject[]): Paths {
  const isWhole = (object: SnapshotObject) =>
    !isPart(object) &&
    !isNote(object) &&
    object.kind !== 'default privileges' &&
    object.definition.ownedBy === undefined;
  return new Map(objects.filter(isWhole).map((object) => [qualifiedName(object), ownPath(object)]));
}

function pathOf(object: SnapshotObject, paths: Paths): string {
  const { kind, schema, of = '', definition } = object;
  if (kind === 'default privileges') return databaseFile;
  if (isNote(object)) return pathOfNote(of, paths) ?? databaseFile;
  if (isPart(object)) return paths.get(ownerName(object)) ?? ownPath(object);
  return paths.get(`${schema}.${withoutLastPart(definition.ownedBy ?? '')}`) ?? ownPath(object);
}

/** `table column public.users.email` and `trigger audit on public.users` are notes about parts of `public.users`. */
function pathOfNote(of: string, paths: Paths): string | undefined {
  return subjectNames(of).flatMap((name) => paths.get(name) ?? [])[0];
}

function ownPath(object: SnapshotObject): string {
  const name = qualifiedName(object).replace(/\(.*$/s, '');
  return `${object.kind.replaceAll(' ', '-')}/${fileName(name)}.sql`;
}

/** Most systems take 255 bytes, and the ending needs some. */
const maxLength = 200;

/** Names that differ do so on every system: capitals, and characters that some system refuses, are written as `%4A`. */
function fileName(name: string): string {
  const encoded = [...new TextEncoder().encode(name)].map(encodeByte).join('');
  return encoded.length <= maxLength ? encoded : `${encoded.slice(0, maxLength)}~${hashOf(encoded)}`;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_.$-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(16);
}
