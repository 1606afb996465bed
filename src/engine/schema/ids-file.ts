/** The file beside a schema that names its migrations, each with a checksum of the text that made the schema. */

import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { reversedDigits } from '../../graph/reversed-digits.js';
import { bareFingerprint, fingerprint } from '../ledger/edited.js';

/** The checksums of a schema's migrations, by id. Empty for a line that somebody wrote without one. */
export type SchemaIds = ReadonlyMap<string, string>;

const shownDigits = 16;

/** @throws KatError FILES_INVALID when a file cannot be read. */
export function idsOf({ migrations }: Graph): Map<string, string> {
  return new Map(migrations.map((migration) => [migration.id, checksumOf(migration)]));
}

/** An edit of comments alone makes no other schema. */
export function checksumOf(migration: Migration): string {
  return (bareFingerprint(migration) ?? fingerprint(migration)).slice(0, shownDigits);
}

/** One id a line: neighbours in time are no neighbours in the file, so that two branches rarely add lines at one place. */
export function formatIds(ids: SchemaIds): string {
  const lines = [...ids].map(([id, checksum]) => ({
    line: `${id} ${checksum}`.trimEnd(),
    key: reversedDigits(id),
  }));
  lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  return lines.map(({ line }) => `${line}\n`).join('');
}

/** Reads what `formatIds` has written. */
export function parseIds(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => {
      const [, id = line, checksum = ''] = /^(.*) ([0-9a-f]{16})$/.exec(line) ?? [];
      return [id, checksum];
    }),
  );
}
