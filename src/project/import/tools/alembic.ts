/** Reads what `alembic upgrade head --sql` and `alembic downgrade head:base --sql` print: a section for each revision. */

import { basename } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { findMarkers, type Marker, partBehind, reportMarker } from '../markers.js';
import { type SourceFolder, type SourceMigration, type SourceText, writtenDown } from '../source.js';
import { listFilesBelow } from '../source-folder.js';
import { alembicTable } from './alembic-table.js';

export const alembic: ImportAdapter = { read: readAlembic, table: alembicTable };

const heading = /^-- Running (upgrade|downgrade) (.*?) ?-> ?(.*?)[^\S\n]*$/gm;

interface Section {
  isUpgrade: boolean;
  /** Revisions. */
  from: string[];
  to: string[];
  source: SourceText;
  marker: Marker;
  text: SourceText;
}

/** In the order of the upgrade. A revision that follows several joins branches. */
function readAlembic(folder: SourceFolder): SourceMigration[] {
  const sections = folder.files
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => readSections(folder, file));
  const downs = new Map(
    sections.filter(({ isUpgrade }) => !isUpgrade).map((section) => [section.from.join(), section]),
  );
  const files = findRevisionFiles(folder);
  const upgrades = sections.filter(({ isUpgrade }) => isUpgrade);
  checkOrder(folder, upgrades);
  return upgrades.map(({ from, to, text }, index) => {
    const key = to.join();
    const down = downs.get(key)?.text;
    return {
      key,
      label: key,
      name: files.get(key)?.name ?? key,
      number: String(index + 1),
      parents: [...new Set([...from, ...findDependencies(files.get(key)?.text, upgrades.slice(0, index))])],
      up: withoutBookkeeping(text),
      ...writtenDown(down && withoutBookkeeping(down)),
      noTransaction: leavesTransaction(text),
    };
  });
}

function readSections(folder: SourceFolder, file: string): Section[] {
  const source = folder.read(file);
  if (!source) return [];
  const markers = findMarkers(source, heading);
  return markers.map((marker, index) => ({
    isUpgrade: marker.groups[0] === 'upgrade',
    from: revisions(marker.groups[1]),
    to: revisions(marker.groups[2]),
    source,
    marker,
    text: partBehind(source, marker, markers[index + 1]),
  }));
}

function revisions(text = ''): string[] {
  return text.split(',').flatMap((revision) => revision.trim() || []);
}

function checkOrder(folder: SourceFolder, upgrades: readonly Section[]): void {
  const seen = new Set<string>();
  for (const { from, to, source, marker } of upgrades) {
    const missing = from.find((revision) => !seen.has(revision));
    if (missing !== undefined) {
      reportMarker(folder, source, {
        message: `${to.join()} follows ${missing}, which is not before it`,
        help: 'Print everything from the beginning, with `alembic upgrade heads --sql`.',
        index: marker.start,
      });
    }
    seen.add(to.join());
  }
}

const versionTable = String.raw`(?:[\w"]+\.)?"?alembic_version"?`;
/** Alembic writes these lines with empty ones around them. */
const bookkeeping = [
  /(?<=^|\n[^\S\n]*\r?\n)(?:BEGIN|COMMIT);[^\S\n]*(?=\r?\n[^\S\n]*(?:\r?\n|$)|$)/g,
  new RegExp(`^(?:INSERT INTO|UPDATE|DELETE FROM) ${versionTable} [^\\n]*;[^\\S\\n]*$`, 'gm'),
  new RegExp(`^CREATE TABLE ${versionTable} \\([^;]*;[^\\S\\n]*$`, 'gm'),
  new RegExp(`^DROP TABLE ${versionTable};[^\\S\\n]*$`, 'gm'),
];

/** Leaves the lines empty, so that everything stays where it was. */
function withoutBookkeeping(source: SourceText): SourceText {
  const text = bookkeeping.reduce(
    (rest, pattern) => rest.replace(pattern, (line) => line.replace(/[^\r\n]/g, '')),
    source.text,
  );
  return { ...source, text: text.trim() === '' ? '' : `${text.trimEnd()}\n` };
}

/** Whether there is SQL between COMMIT and the next BEGIN: what `autocommit_block` leaves. */
function leavesTransaction({ text }: SourceText): boolean {
  const between = /\n\s*COMMIT;\s*\n([\s\S]*?)\n\s*BEGIN;/.exec(`\n${text}`)?.[1];
  return between !== undefined && between.trim() !== '';
}

interface RevisionFile {
  name: string;
  text: string | undefined;
}

/** The offline SQL has neither names nor `depends_on`; the files of the revisions have, where they are at hand. */
function findRevisionFiles(folder: SourceFolder): Map<string, RevisionFile> {
  const versions = folder.folders.includes('versions') ? listFilesBelow(folder.root, 'versions') : [];
  const paths = [...folder.files, ...versions];
  const files = paths.flatMap((path) => {
    const [, revision, name] = /^([^_]+)_(.+)\.py$/.exec(basename(path)) ?? [];
    return revision && name ? [[revision, { name, text: folder.read(path)?.text }] as const] : [];
  });
  return new Map(files);
}

function findDependencies(text: string | undefined, earlier: readonly Section[]): string[] {
  const assignment = /^depends_on\b[^=\n]*=\s*(\([^)]*\)|\[[^\]]*\]|.*)/m.exec(text ?? '')?.[1] ?? '';
  const named = [...assignment.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] as string);
  return named.filter((revision) => earlier.some(({ to }) => to.join() === revision));
}
