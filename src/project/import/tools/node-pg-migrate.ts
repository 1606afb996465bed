/** Reads node-pg-migrate's SQL files: up and down in one file, or each in a file of its own. */

import type { ImportAdapter } from '../adapter.js';
import { findMarkers, type Marker, partBehind, reportFile, warn } from '../markers.js';
import { compareDigits, timestampOf } from '../numbers.js';
import {
  chain,
  cut,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { everyRow, timeColumn } from '../tracking-table.js';
import { type Pair, parseHalf, readPair } from '../up-down-files.js';

export const nodePgMigrate: ImportAdapter = {
  read: readNodePgMigrate,
  table: {
    name: 'pgmigrations',
    columns: ['name', 'run_on'],
    query: () => ({ select: ['name', timeColumn('run_on')], orderBy: 'run_on, id' }),
    read: everyRow('name', 'run_on'),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

const fileName = /^(\d+)(?:[_-](.*))?\.sql$/;
const code = /\.[cm]?[jt]s$/;
const heading = /^\s*--[\s-]*(up|down)\s+migration/gim;

/** In the order of the numbers, 17 digits being a date, and no number 0; equal ones by their names. */
function readNodePgMigrate(folder: SourceFolder): SourceMigration[] {
  refuseCode(folder);
  const pairs = new Map<string, Pair>();
  const single: Unchained[] = [];
  for (const file of folder.files.filter((name) => name.endsWith('.sql'))) {
    const half = parseHalf(file);
    const key = file.replace(/(?:\.up|\.down)?\.sql$/, '');
    if (half) pairs.set(key, { ...pairs.get(key), [half.direction]: half });
    else single.push(...readSingle(folder, file, key));
  }
  const paired = [...pairs].flatMap(([key, pair]) => readPair(folder, pair, key) ?? []);
  return chain([...single, ...paired].sort(compareSources));
}

function refuseCode(folder: SourceFolder): void {
  for (const file of folder.files.filter((name) => code.test(name) && !name.endsWith('.d.ts'))) {
    reportFile(folder, file, {
      message: `${file} is a program, which Kat cannot run`,
      help: `Have node-pg-migrate print its SQL with \`node-pg-migrate up --dry-run\` on a database without this migration. In a copy of the folder, save that SQL as ${file.replace(code, '.sql')}.`,
    });
  }
}

function compareSources(a: Unchained, b: Unchained): number {
  return compareDigits(moment(a), moment(b)) || (a.key < b.key ? -1 : 1);
}

/** As node-pg-migrate compares: milliseconds, and 17 digits for a date. */
function moment({ number = '0' }: Unchained): string {
  return number.length === 17 ? `${timestampOf(number)}${number.slice(14)}` : number;
}

function readSingle(folder: SourceFolder, file: string, key: string): Unchained[] {
  const [, number, name = ''] = fileName.exec(file) ?? [];
  const source = folder.read(file);
  if (!source) return [];
  const parts = { key, label: file, ...divide(source), noTransaction: false };
  if (number !== undefined) return [{ ...parts, name, number }];
  warn(folder, source, {
    message: `${file} does not begin with a number, so it comes first, as in node-pg-migrate`,
  });
  return [{ ...parts, name: key }];
}

/** Either heading may come first; without one, all of the file goes up. */
function divide(source: SourceText): Pick<SourceMigration, 'up' | 'down'> {
  const markers = findMarkers(source, heading);
  const find = (word: string) => markers.find(({ groups }) => groups[0]?.toLowerCase() === word);
  const [up, down] = [find('up'), find('down')];
  const partOf = (marker: Marker, other: Marker | undefined) =>
    partBehind(source, marker, other && other.start > marker.start ? other : undefined);
  return {
    up: up ? partOf(up, down) : cut(source, 0),
    ...writtenDown(down && partOf(down, up)),
  };
}
