/** Reads dbmate's folder: one SQL file a migration, with `-- migrate:up` and `-- migrate:down` in it. */

import type { ImportAdapter } from '../adapter.js';
import {
  findMarkers,
  leaveOut,
  type Marker,
  partBehind,
  reportMarker,
  warn,
  warnOfSharedMode,
} from '../markers.js';
import {
  chain,
  isBlankSql,
  looksLikeSql,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { everyRow } from '../tracking-table.js';

export const dbmate: ImportAdapter = {
  read: readDbmate,
  table: {
    name: 'schema_migrations',
    columns: ['version'],
    stranger: ['dirty', 'golang-migrate'],
    query: () => ({ select: ['version::text AS version'], orderBy: 'version' }),
    read: everyRow('version'),
  },
};

const fileName = /^(\d+)_?(.*)\.sql$/;
const directive = /^--[^\S\n]*migrate:(up|down)(?:[^\S\n]*$|[^\S\n]+(\S.*))/gm;

/** In the order of the file names, as dbmate sorts them. */
function readDbmate(folder: SourceFolder): SourceMigration[] {
  const migrations = folder.files.flatMap((file) => {
    const match = fileName.exec(file);
    if (match) return readFile(folder, file, match) ?? [];
    if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.sql');
    return [];
  });
  return chain(migrations);
}

function readFile(folder: SourceFolder, file: string, [, version = '', name = '']: RegExpExecArray) {
  const source = folder.read(file);
  const markers = source && findBlocks(folder, source);
  if (!markers) return undefined;
  const { up, down } = markers;
  const option = readOptions(folder, source, up);
  const back = writtenDown(down && partBehind(source, down));
  const backOption = down && readOptions(folder, source, down);
  if (down && back.down && option === 'transaction:false' && backOption !== option) {
    warnOfSharedMode(folder, source, { label: file, index: down.start });
  }
  return {
    key: version,
    label: file,
    name,
    number: version,
    up: partBehind(source, up, down),
    ...back,
    noTransaction: option === 'transaction:false',
  };
}

function findBlocks(
  folder: SourceFolder,
  source: SourceText,
): { up: Marker; down: Marker | undefined } | undefined {
  const markers = findMarkers(source, directive);
  const up = markers.find(({ groups }) => groups[0] === 'up');
  const down = markers.find(({ groups }) => groups[0] === 'down');
  if (!up) {
    return reportMarker(folder, source, {
      message: 'there is no line `-- migrate:up`',
      help: 'dbmate refuses this file, too: write the line above the SQL.',
    });
  }
  if (down && down.start < up.start) {
    return reportMarker(folder, source, {
      message: '`-- migrate:down` precedes `-- migrate:up`',
      help: 'dbmate refuses this file, too: put the up part first.',
      index: down.start,
    });
  }
  if (!isBlankSql(source.text.slice(0, up.start))) {
    return reportMarker(folder, source, {
      message: 'there is SQL before `-- migrate:up`',
      help: 'dbmate refuses this file, too: move the SQL below that line.',
    });
  }
  return { up, down };
}

function readOptions(folder: SourceFolder, source: SourceText, { groups, start }: Marker): string {
  const options = (groups[1] ?? '').split(/\s+/).filter((option) => option !== '');
  for (const option of options.filter((text) => !text.startsWith('transaction:'))) {
    warn(folder, source, { message: `the option ${option} is unknown to Kat`, index: start });
  }
  return options.includes('transaction:false') ? 'transaction:false' : '';
}
