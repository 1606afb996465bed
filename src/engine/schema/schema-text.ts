/** Writes the schema of a migrations folder as a text: equal folders make equal texts. */

import type { Graph } from '../../graph/graph.js';
import { renderSchema } from '../../sql/ddl/render-schema.js';
import { qualifiedName } from '../../sql/snapshot/snapshot.js';
import { buildSchema } from '../drift/build-schema.js';
import { findRoles } from './find-roles.js';

/** The two files of a schema. */
export interface SchemaTexts {
  sql: string;
  /** The ids of its migrations, one a line. */
  ids: string;
}

const heading = [
  '-- The schema that the migrations make. Written by `kat schema`: change migrations instead of this file.',
  '-- Bodies of functions may name what is created behind them.',
  'SET check_function_bodies = off;',
];

/** @throws KatError STATE_UNKNOWN for a migration that fails in the throwaway database; what opening that throws. */
export async function writeSchemaTexts(
  { directory, graph }: { directory: string; graph: Graph },
  { on, signal }: { on: string | undefined; signal: AbortSignal | undefined },
): Promise<SchemaTexts> {
  const place = { on, serverUrl: undefined, major: undefined };
  const { snapshot, blank } = await buildSchema(
    { directory },
    { place, roles: await findRoles(graph), signal },
  );
  const { changes, objects, incomplete } = renderSchema(snapshot, blank);
  const parts = [
    heading.join('\n'),
    ...changes.map((statement) => `${statement};`),
    ...objects.map(({ statements }) => statements.map((statement) => `${statement};`).join('\n')),
    ...incomplete.map(
      (object) => `-- ${object.kind} ${qualifiedName(object)} has secret options, which are left out.`,
    ),
  ];
  return { sql: `${parts.join('\n\n')}\n`, ids: formatIds(graph.migrations.map(({ id }) => id)) };
}

/** One id a line: neighbours in time are no neighbours in the file, so that two branches rarely add lines at one place. */
export function formatIds(ids: readonly string[]): string {
  const reversed = (id: string) => [...(/^\d+/.exec(id)?.[0] ?? '')].reverse().join('');
  const keyed = ids.map((id) => ({ id, key: `${reversed(id)} ${id}` }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map(({ id }) => `${id}\n`).join('');
}

/** Reads what `formatIds` has written. */
export function parseIds(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .sort();
}
