/** Writes the schema of a migrations folder as texts: equal folders make equal texts. */

import { basename, dirname, join, relative, sep } from 'node:path';
import type { Driver } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import { withPlainLineEnds } from '../../line-ends.js';
import { type RenderedSchema, renderSchema } from '../../sql/ddl/render-schema.js';
import { divideIntoFiles } from '../../sql/ddl/schema-files.js';
import { renderSqliteSchema } from '../../sql/ddl/sqlite/render-sqlite-schema.js';
import { qualifiedName, type SnapshotObject } from '../../sql/snapshot/snapshot.js';
import { type BuiltSchema, buildSchema, type FolderSource } from '../drift/build-schema.js';
import type { ShortSessionOptions } from '../session/connect.js';
import { type DatabaseOption, readServer } from '../throwaway/server-settings.js';
import { findRoles } from './find-roles.js';

/** Where a schema is written: into one file, or into a folder with one file for each object. */
export interface SchemaTarget {
  isFolder: boolean;
  /** Absolute. */
  path: string;
}

/** The first line of each file in a folder: only such files are replaced and deleted. */
export const folderHeading = '-- Written by `kat schema --dir`: change migrations instead of this file.';

const fileHeading =
  '-- The schema that the migrations make. Written by `kat schema`: change migrations instead of this file.';

const postgresHeading = [
  fileHeading,
  '-- Bodies of functions may name what is created behind them.',
  'SET check_function_bodies = off;',
];

/** The project, and how its database can be asked. */
export interface SchemaPlace extends ShortSessionOptions {
  /** The migrations folder. */
  directory: string;
  /** A folder of the project. */
  project: string;
  database: DatabaseOption;
  isSqlite: boolean;
  getDriver(): Promise<Driver>;
  /** The major version to build on, where `on` does not decide. */
  serverVersion: number | undefined;
}

/** What is built of a folder, and how. */
export interface FolderToBuild extends FolderSource {
  graph: Graph;
  /** Where the throwaway database is. */
  on: string | undefined;
  /** Whether a hash of each table's rows is read, too. Default `none`. */
  rows?: 'none' | 'all';
}

/** @throws KatError STATE_UNKNOWN for a migration that fails in the throwaway database; what opening that throws. */
export async function buildFolder(
  place: SchemaPlace,
  { graph, on, rows = 'none', ...source }: FolderToBuild,
): Promise<BuiltSchema> {
  const { project, serverVersion, isSqlite, onEvent, signal } = place;
  const configured = serverVersion === undefined ? undefined : { major: serverVersion, settings: undefined };
  const server =
    on === 'server' ? await readServer(await place.getDriver(), place.database, place) : configured;
  const roles = isSqlite ? [] : await findRoles(graph);
  return buildSchema(source, { place: { on, server, isSqlite }, roles, project, rows, onEvent, signal });
}

/** @throws what `buildFolder` throws. */
export async function renderFolder(
  place: SchemaPlace,
  graph: Graph,
  on: string | undefined,
): Promise<RenderedSchema> {
  const { snapshot, blank } = await buildFolder(place, { directory: place.directory, graph, on });
  return snapshot.isSqlite ? renderSqliteSchema(snapshot) : renderSchema(snapshot, blank);
}

/** The whole schema, in an order that loads. */
export function formatSchema({ isSqlite, changes, objects, incomplete }: RenderedSchema): string {
  return joinParts([
    isSqlite ? fileHeading : postgresHeading.join('\n'),
    ...changes.map((statement) => `${statement};`),
    ...objects.map(({ statements }) => statements.map((statement) => `${statement};`).join('\n')),
    ...incomplete.map(secretNote),
  ]);
}

/** @returns the text of each file of the schema, by its absolute path. */
export function formatFiles(target: SchemaTarget, schema: RenderedSchema): Map<string, string> {
  if (!target.isFolder) return new Map([[target.path, formatSchema(schema)]]);
  const files = [...divideIntoFiles(schema)].map(([path, { statements, incomplete }]): [string, string] => {
    const parts = [
      folderHeading,
      ...statements.map((statement) => `${statement};`),
      ...incomplete.map(secretNote),
    ];
    return [join(target.path, path), joinParts(parts)];
  });
  return new Map(files);
}

function joinParts(parts: readonly string[]): string {
  return withPlainLineEnds(`${parts.join('\n\n')}\n`);
}

function secretNote(object: SnapshotObject): string {
  return `-- ${object.kind} ${qualifiedName(object)} has secret options, which are left out.`;
}

/** The ids of the migrations are beside the schema, so that git merges them line by line. */
export function idsFileOf({ path }: SchemaTarget): string {
  return join(dirname(path), `${basename(path)}.migrations`);
}

/** As people write it in the current folder. */
export function shownPath({ path }: SchemaTarget): string {
  return relative('', path).split(sep).join('/');
}

/** The command that writes the schema again. */
export function commandToWrite(target: SchemaTarget): string {
  return `kat schema --${target.isFolder ? 'dir' : 'file'} ${shownPath(target)}`;
}
