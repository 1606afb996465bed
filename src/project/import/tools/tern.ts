/** tern: numbered files, in which a line separates up and down SQL, and a table with one version. */

import { canonicalTimestamp } from '../../../graph/migration.js';
import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportFile, reportMarker, warnOfSharedMode } from '../markers.js';
import { compareDigits } from '../numbers.js';
import {
  fillPlaceholders,
  type PlaceholderStyle,
  type Placeholders,
  refuseMissingValues,
} from '../placeholders.js';
import {
  chain,
  cut,
  looksLikeSql,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { appliedThrough } from '../tracking-table.js';

export const tern: ImportAdapter = {
  read: readTern,
  hasPlaceholders: true,
  table: {
    name: 'public.schema_version',
    columns: ['version'],
    stranger: ['installed_rank', 'flyway'],
    query: () => ({ select: ['version::text AS version'], orderBy: 'version' }),
    read: (rows, migrations) => {
      const version = rows.at(-1)?.version ?? '0';
      return { applied: version === '0' ? [] : appliedThrough(version, migrations), problems: [] };
    },
  },
};

interface NumberedFile {
  file: string;
  number: string;
  name: string;
}

const fileName = /^(\d+)_(.+)\.sql$/;
const divider = '---- create above / drop below ----';
/** As tern finds it: a line with another line ending is none. */
const disableTransaction = /(?:^|\n)---- tern: disable-tx ----(?=\n|$)/;

/** In the order of the numbers. SQL in folders below is for templates. */
function readTern(folder: SourceFolder, placeholders: Placeholders): SourceMigration[] {
  const files = folder.files.flatMap((file) => parseName(folder, file));
  files.sort((a, b) => compareDigits(a.number, b.number));
  refuseGap(folder, files);
  return chain(files.flatMap((found) => readFile(folder, found, placeholders)));
}

function parseName(folder: SourceFolder, file: string): NumberedFile[] {
  const [, number, name = ''] = fileName.exec(file) ?? [];
  if (number) return [{ file, number: canonicalTimestamp(number), name }];
  if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.sql');
  return [];
}

/** The version in the table counts files. */
function refuseGap(folder: SourceFolder, files: readonly NumberedFile[]): void {
  const numbers = [...new Set(files.map(({ number }) => number))];
  const at = numbers.findIndex((number, index) => number !== String(index + 1));
  const [file] = files.filter(({ number }) => number === numbers[at]);
  if (!file) return;
  reportFile(folder, file.file, {
    message: `there is no migration ${at + 1} before ${file.file}`,
    help: 'tern refuses this folder, too: number the files from 1, without a gap.',
  });
}

function readFile(folder: SourceFolder, { file, number, name }: NumberedFile, placeholders: Placeholders) {
  const source = folder.read(file);
  const filled = source && fillTemplate(folder, source, placeholders);
  if (!filled) return [];
  const at = filled.text.indexOf(divider);
  const up = cut(filled, 0, at < 0 ? undefined : at);
  const back = at < 0 ? {} : writtenDown(cut(filled, at + divider.length));
  const noTransaction = disableTransaction.test(up.text);
  if (back.down && noTransaction && !disableTransaction.test(back.down.text)) {
    warnOfSharedMode(folder, filled, { label: file, index: at });
  }
  return [{ key: number, label: file, name, number, up, ...back, noTransaction }];
}

const dataOfTemplate: PlaceholderStyle = { pattern: /\{\{ *\.(\w+) *\}\}/g, onMissing: refuseMissingValues };

/** tern takes every file for a template of Go. */
function fillTemplate(
  folder: SourceFolder,
  source: SourceText,
  placeholders: Placeholders,
): SourceText | undefined {
  const filled = fillPlaceholders(folder, source, dataOfTemplate, placeholders);
  const action = /\{\{(?! *\.\w+ *\}\})[^\n]*/.exec(filled.text);
  if (!action) return filled;
  return reportMarker(folder, filled, {
    message: 'this is a template of Go, which Kat does not evaluate',
    help: 'Put the SQL that it makes into its place, in a copy of the folder: `tern gengen` prints it.',
    index: action.index,
  });
}
