/** Reads goose's folder: one SQL file a migration, divided by comments that begin with `-- +goose`. */

import { canonicalTimestamp } from '../../../graph/migration.js';
import type { ImportAdapter } from '../adapter.js';
import { findMarkers, leaveOut, type Marker, partBehind, reportFile, reportMarker } from '../markers.js';
import { compareDigits } from '../numbers.js';
import { endOfStatement } from '../separators.js';
import {
  chain,
  isBlankSql,
  looksLikeSql,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { gooseTable } from './goose-table.js';

export const goose: ImportAdapter = { read: readGoose, table: gooseTable };

const fileName = /^(\d+)_(.*)\.(sql|go)$/;
const annotation = /^[^\S\n]*--[^\S\n]*\+goose[^\S\n]+(\S.*?)[^\S\n]*$/gm;

/** In the order of the numbers. */
function readGoose(folder: SourceFolder): SourceMigration[] {
  const numbered = folder.files.flatMap((file) => {
    const [, number, name, kind] = fileName.exec(file) ?? [];
    if (number && !file.endsWith('_test.go')) return { file, number, name: name ?? '', kind };
    if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.sql');
    return [];
  });
  numbered.sort((a, b) => compareDigits(a.number, b.number));
  return chain(
    numbered.flatMap(({ file, number, name, kind }) => {
      if (kind === 'go') return refuseGo(folder, file);
      const source = folder.read(file);
      const parts = source && readParts(folder, source);
      return parts ? { key: canonicalTimestamp(number), label: file, name, number, ...parts } : [];
    }),
  );
}

function refuseGo(folder: SourceFolder, file: string): [] {
  reportFile(folder, file, {
    message: `${file} is written in Go, which Kat cannot run`,
    help: 'In a copy of the folder, replace it with an .sql file of the same number that has its SQL.',
  });
  return [];
}

function readParts(
  folder: SourceFolder,
  source: SourceText,
): Pick<SourceMigration, 'up' | 'down' | 'noTransaction'> | undefined {
  const markers = findMarkers(source, annotation);
  if (!checkAnnotations(folder, source, markers)) return undefined;
  const find = (word: string) => markers.find((marker) => wordsOf(marker) === word);
  const up = find('up');
  if (!up) {
    return reportMarker(folder, source, {
      message: 'there is no line `-- +goose Up`',
      help: 'goose refuses this file, too: write the line above the SQL.',
    });
  }
  const down = find('down');
  const plain = withoutLines(source, markers);
  const misplaced = findMisplaced(plain, markers) ?? findUnpaired(markers);
  if (misplaced) return reportMarker(folder, source, misplaced);
  return {
    up: partBehind(plain, up, down),
    ...writtenDown(down && partBehind(plain, down)),
    noTransaction: find('no transaction') !== undefined,
  };
}

/** Parts that would otherwise be lost, or run in the wrong direction. */
function findMisplaced(
  { text }: SourceText,
  markers: readonly Marker[],
): { message: string; help: string; index: number } | undefined {
  const headings = markers.filter((marker) => ['up', 'down'].includes(wordsOf(marker)));
  const [first, second, third] = headings;
  if (!first || wordsOf(first) !== 'up' || (second && wordsOf(second) !== 'down') || third) {
    const wrong = third ?? second ?? first;
    return {
      message: '`-- +goose Up` and `-- +goose Down` appear more than once, or in the wrong order',
      help: 'goose refuses this file, too: write each line once, and the up part first.',
      index: wrong?.start ?? 0,
    };
  }
  if (isBlankSql(text.slice(0, first.start))) return undefined;
  return {
    message: 'there is SQL before `-- +goose Up`',
    help: 'goose refuses this file, too: move the SQL below that line.',
    index: 0,
  };
}

/** StatementBegin and StatementEnd come in pairs, each within one part (goose's parser refuses everything else). */
function findUnpaired(
  markers: readonly Marker[],
): { message: string; help: string; index: number } | undefined {
  let open: Marker | undefined;
  for (const marker of markers) {
    const word = wordsOf(marker);
    if (word === 'statementbegin' && !open) open = marker;
    else if (word === 'statementend' && open) open = undefined;
    else if (word === 'statementend') return unpaired('StatementEnd', 'StatementBegin', marker);
    else if (open && boundaries.has(word)) return unpaired('StatementBegin', 'StatementEnd', open);
  }
  return open && unpaired('StatementBegin', 'StatementEnd', open);
}

function unpaired(
  found: string,
  missing: string,
  { start }: Marker,
): { message: string; help: string; index: number } {
  return {
    message: `\`-- +goose ${found}\` has no \`-- +goose ${missing}\``,
    help: 'goose refuses this file, too: write both lines around the statement.',
    index: start,
  };
}

const boundaries = new Set(['up', 'down', 'statementbegin']);

const known = new Set(['up', 'down', 'statementbegin', 'statementend', 'no transaction', 'envsub off']);

function checkAnnotations(folder: SourceFolder, source: SourceText, markers: readonly Marker[]): boolean {
  const unknown = markers.filter((marker) => !known.has(wordsOf(marker)));
  for (const { groups, start } of unknown) {
    const isEnvsub = /^envsub/i.test(groups[0] ?? '');
    reportMarker(folder, source, {
      message: isEnvsub
        ? 'ENVSUB puts environment variables into the SQL, which Kat does not support'
        : `-- +goose ${groups[0]} is unknown`,
      help: isEnvsub
        ? 'In a copy of the folder, write the values into the SQL and remove the line.'
        : 'Remove the line.',
      index: start,
    });
  }
  return unknown.length === 0;
}

function wordsOf({ groups }: Marker): string {
  return (groups[0] ?? '').toLowerCase().replace(/\s+/g, ' ');
}

/** Leaves the lines empty, so that everything stays where it was, but for the end of a statement that needs no semicolon. */
function withoutLines(source: SourceText, markers: readonly Marker[]): SourceText {
  let { text } = source;
  for (const marker of markers) {
    const { start, end } = marker;
    const sign = wordsOf(marker) === 'statementend' ? endOfStatement(text.slice(0, start)) : '';
    const blank = text.slice(start, end).replace(/[^\r\n]/g, ' ');
    text = text.slice(0, start) + sign + blank.slice(sign.length) + text.slice(end);
  }
  return { ...source, text };
}
