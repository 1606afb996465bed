/** The file beside a schema that names its migrations, each with a checksum of the text that made the schema. */

import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { reversedDigits } from '../../graph/reversed-digits.js';
import { checksum } from '../../project/folder/load.js';
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

/** The line by which the file tells to which text of the schema it belongs. */
export function schemaMarkOf(schema: string): string {
  return `= ${checksum(schema).slice(0, shownDigits)}`;
}

const markLine = /^= [0-9a-f]{16}$/;

/** @returns more than one where git has merged the file, none where Kat has. */
export function parseMarks(text: string): string[] {
  return linesOf(text).filter((line) => markLine.test(line));
}

/**
 * @param changes of both files, as lines.
 * @returns without a mark that is not there or says nothing new: alone it is a change where the file has others.
 */
export function withoutMarks(changes: readonly string[]): readonly string[] {
  const others = changes.filter((line) => !markLine.test(line.slice(1)));
  const hasOther = changes.some((line) => line.startsWith('-'));
  return others.length > 0 || !hasOther ? others : changes;
}

/** One id a line: neighbours in time are no neighbours in the file, so that two branches rarely add lines at one place. */
export function formatIds(ids: SchemaIds, mark?: string): string {
  const lines = [...ids].map(([id, checksum]) => ({
    line: `${id} ${checksum}`.trimEnd(),
    key: reversedDigits(id),
  }));
  if (mark !== undefined) lines.push({ line: mark, key: mark.slice(-shownDigits) });
  lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  return lines.map(({ line }) => `${line}\n`).join('');
}

/** Reads what `formatIds` has written. */
export function parseIds(text: string): Map<string, string> {
  return new Map(
    linesOf(text)
      .filter((line) => !markLine.test(line))
      .map((line): [string, string] => {
        const [, id = line, checksum = ''] = /^(.*) ([0-9a-f]{16})$/.exec(line) ?? [];
        return [id, checksum];
      }),
  );
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
